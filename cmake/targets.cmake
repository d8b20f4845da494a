# The kinds of target this project has: a library and a test program per folder, benchmarks, fuzz targets.

add_library(guard_warnings INTERFACE)
target_compile_options(guard_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wold-style-cast -Wcast-align -Wdouble-promotion
  -Wformat=2 -Wimplicit-fallthrough -Wswitch-enum
  $<$<BOOL:${RELEASE_GUARD_WERROR}>:-Werror>)
# What a file names for itself is no global of those that are compiled together with it; clang-tidy looks at them too.
if(NOT RELEASE_GUARD_TOGETHER)
  target_compile_options(guard_warnings INTERFACE -Wshadow)
endif()
# GCC 12 warns of the standard library's own string concatenation (gcc.gnu.org/PR105329).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(guard_warnings INTERFACE -Wno-restrict)
endif()
# The standard library of GCC 12 uses what it has deprecated itself, and a whole file in the program is a long string.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(guard_warnings INTERFACE -Wno-deprecated-declarations -Wno-overlength-strings)
endif()

if(RELEASE_GUARD_SANITIZE)
  add_compile_options(-fsanitize=${RELEASE_GUARD_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${RELEASE_GUARD_SANITIZE})
endif()

# Compiles those sources of a target as one unit that can be: building from nothing then takes a fraction of the time.
function(compile_together target)
  if(NOT RELEASE_GUARD_TOGETHER)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources EXCLUDE REGEX "^/")  # what is made in the build folder
  execute_process(COMMAND /usr/bin/python3 -B ${PROJECT_SOURCE_DIR}/cmake/groups.py ${sources}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE lines COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]+" lines "${lines}")
  foreach(line ${lines})
    string(REGEX MATCH "^([0-9]+) (.+)$" line "${line}")
    set_source_files_properties(${CMAKE_MATCH_2} PROPERTIES UNITY_GROUP ${target}_${CMAKE_MATCH_1})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()

# guard_library(core SOURCES a.cpp b.cpp DEPENDS guard_base fmt::fmt) makes guard_core.
# Third-party headers are system headers: their warnings are not ours.
function(guard_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(guard_${name} STATIC ${ARG_SOURCES})
  target_include_directories(guard_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(guard_${name} PUBLIC ${ARG_DEPENDS} PRIVATE guard_warnings)
  compile_together(guard_${name})
endfunction()

# guard_test(core SOURCES x_test.cpp DEPENDS guard_core) makes core_test and registers each of its cases. A program with
# ASan takes longer to start than most cases take to run, so it runs all of them at once, the largest first. One with TSan
# may not fork once another case had threads.
# Test code runs once for each time it is compiled, so it is not optimised.
function(guard_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name}_test ${ARG_SOURCES})
  target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${name}_test PRIVATE
    TESTDATA_DIR="${PROJECT_SOURCE_DIR}/tests/testdata" SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name}_test PRIVATE ${ARG_DEPENDS} GTest::gmock GTest::gtest_main rapidcheck guard_warnings)
  compile_together(${name}_test)
  target_compile_options(${name}_test PRIVATE $<$<CONFIG:Release>:-O0>)
  if(RELEASE_GUARD_SANITIZE MATCHES "address")
    list(LENGTH ARG_SOURCES size)
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 900 COST ${size})
  else()
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 PROPERTIES LABELS unit TIMEOUT 120)
  endif()
endfunction()

# guard_bench(store SOURCES x.cpp DEPENDS guard_store) makes store_bench; `./dev bench` runs it.
function(guard_bench name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name}_bench ${ARG_SOURCES})
  target_include_directories(${name}_bench PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${name}_bench PRIVATE SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name}_bench PRIVATE ${ARG_DEPENDS} benchmark::benchmark benchmark::benchmark_main guard_warnings)
endfunction()

# guard_fuzz(webhook SOURCES x.cpp DEPENDS guard_alerts) makes webhook_fuzz; `./dev fuzz` runs it.
function(guard_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name}_fuzz ${ARG_SOURCES})
  target_include_directories(${name}_fuzz PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name}_fuzz PRIVATE ${ARG_DEPENDS} guard_warnings)
  target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
endfunction()
