# Joins headers of the library, and all that they include of it, into one file that stands alone:
#
#   cmake -DHEADERS="tessera/core.hpp;tessera/train.hpp" -DOUTPUT=tessera_core.hpp -P cmake/single_header.cmake
#
# A header stands where it is first included, as the preprocessor would put it, after a line with its path. Includes of
# other libraries stay where they are. A part of a program includes the file instead of the library's headers.
cmake_minimum_required(VERSION 3.21)
include(${CMAKE_CURRENT_LIST_DIR}/version.cmake)
set(root ${CMAKE_CURRENT_LIST_DIR}/..)

# global properties, which keep their value through the calls
function(add_text text)
    set_property(GLOBAL APPEND_STRING PROPERTY joined "${text}")
endfunction()

function(add_header header)
    get_property(seen GLOBAL PROPERTY seen)
    if(header IN_LIST seen)
        return()
    endif()
    set_property(GLOBAL APPEND PROPERTY seen ${header})
    file(READ ${root}/include/${header} text)
    string(REPLACE "#pragma once\n" "" text "${text}")
    add_text("\n// <${header}>\n")
    while(text MATCHES "(^|\n)#include <(tessera/[^>]+)>[^\n]*\n")
        set(included ${CMAKE_MATCH_2})
        string(FIND "${text}" "${CMAKE_MATCH_0}" begin)
        string(LENGTH "${CMAKE_MATCH_0}" length)
        string(LENGTH "${CMAKE_MATCH_1}" newline)
        math(EXPR line "${begin} + ${newline}")
        math(EXPR rest "${begin} + ${length}")
        string(SUBSTRING "${text}" 0 ${line} before)
        string(SUBSTRING "${text}" ${rest} -1 text)
        add_text("${before}")
        add_header(${included})
    endwhile()
    add_text("${text}")
endfunction()

file(READ ${root}/LICENSE licence)
string(STRIP "${licence}" licence)
string(REPLACE "\n" "\n// " licence "// ${licence}")
string(REPLACE " \n" "\n" licence "${licence}")
add_text("// Tessera ${tessera_version} in one file: ${HEADERS}, joined by cmake/single_header.cmake.\n")
add_text("//\n${licence}\n#pragma once\n")
foreach(header IN LISTS HEADERS)
    add_header(${header})
endforeach()
get_property(joined GLOBAL PROPERTY joined)
file(WRITE ${OUTPUT} "${joined}")
