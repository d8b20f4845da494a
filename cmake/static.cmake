# A program that needs the C library of the system and nothing else. What is compiled is the same as ever, against the same
# headers: only what it is linked with differs, so that a cache has the objects already. Those that are found by
# find_library are static by their suffix; here are the others. CMAKE_PREFIX_PATH says where those are that Debian lacks.
function(link_archive target name)
  find_library(archive_${name} NAMES lib${name}.a REQUIRED)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION_RELEASE ${archive_${name}} IMPORTED_SONAME_RELEASE "")
endfunction()

link_archive(fmt::fmt fmt)
link_archive(yaml-cpp yaml-cpp)
link_archive(prometheus-cpp::core prometheus-cpp-core)
link_archive(Boost::json boost_json)
link_archive(Boost::container boost_container)
add_link_options(-static-libstdc++ -static-libgcc)
