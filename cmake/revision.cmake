# Writes the header HEADER with what this build is made of: the revision of the sources and its date. Run at each build,
# and writes only what has changed. Where there is no repository, RELEASE_GUARD_REVISION and RELEASE_GUARD_DATE of the
# environment say it, as in a container or a package.
set(revision "$ENV{RELEASE_GUARD_REVISION}")
set(date "$ENV{RELEASE_GUARD_DATE}")

function(ask_git out)
  execute_process(COMMAND git -C ${CMAKE_CURRENT_LIST_DIR} ${ARGN}
    OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(failed)
    set(answer "")
  endif()
  set(${out} "${answer}" PARENT_SCOPE)
endfunction()

if(NOT revision)
  ask_git(revision rev-parse --short=12 HEAD)
  ask_git(changes status --porcelain --untracked-files=no)
  if(revision AND changes)
    string(APPEND revision "-dirty")
  endif()
  ask_git(date log -1 --format=%cs)
endif()

file(CONFIGURE OUTPUT ${HEADER} @ONLY CONTENT [[// Made by cmake/revision.cmake.
#pragma once

#define RELEASE_GUARD_REVISION "@revision@"
#define RELEASE_GUARD_DATE "@date@"
]])
