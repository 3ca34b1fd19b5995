# Headers, the package for find_package(tessera), and tessera.pc. What is installed does not depend on what is there.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/tessera)

install(DIRECTORY include/tessera cuda/tessera DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.hpp" PATTERN "*.cuh")

# a file for each component, so that a program meets the targets of those it asks for and no others
foreach(component IN LISTS tessera_components ITEMS large_networks)
    get_target_property(target tessera::${component} ALIASED_TARGET)
    install(TARGETS ${target} EXPORT tessera-${component} INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
    install(EXPORT tessera-${component} NAMESPACE tessera:: DESTINATION ${package_dir})
endforeach()

configure_package_config_file(cmake/tessera-config.cmake.in ${PROJECT_BINARY_DIR}/tessera-config.cmake
    INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tessera-config-version.cmake
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/tessera-config.cmake ${PROJECT_BINARY_DIR}/tessera-config-version.cmake
    cmake/components.cmake DESTINATION ${package_dir})

# tessera.pc for all of the CPU, tessera-core.pc; relative, so that an installed tree can be moved
file(RELATIVE_PATH includes_from_pkg_config ${CMAKE_INSTALL_FULL_DATADIR}/pkgconfig ${CMAKE_INSTALL_FULL_INCLUDEDIR})
function(install_pkg_config name requires flags)
    configure_file(cmake/tessera.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)
endfunction()
install_pkg_config(tessera zlib -pthread)
install_pkg_config(tessera-core "" "")
