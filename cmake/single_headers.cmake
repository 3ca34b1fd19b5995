# single_header/tessera_core.hpp and tessera_simd.hpp, the core and the SIMD backend, in the build and where headers go.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS include/tessera/*.hpp)
set(outputs)

function(add_single_header name)
    set(output ${PROJECT_BINARY_DIR}/single_header/${name})
    set(script ${PROJECT_SOURCE_DIR}/cmake/single_header.cmake)
    add_custom_command(OUTPUT ${output} VERBATIM
        COMMAND ${CMAKE_COMMAND} "-DHEADERS=${ARGN}" -DOUTPUT=${output} -P ${script}
        DEPENDS ${headers} ${script})
    set(outputs ${outputs} ${output} PARENT_SCOPE)
endfunction()

add_single_header(tessera_core.hpp tessera/core.hpp)
add_single_header(tessera_simd.hpp tessera/core.hpp tessera/backend/simd/simd.hpp)
add_custom_target(tessera_single_headers ALL DEPENDS ${outputs})

if(TESSERA_INSTALL)
    include(GNUInstallDirs)
    install(FILES ${outputs} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endif()
