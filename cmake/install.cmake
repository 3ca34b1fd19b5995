# Headers, the package for find_package(tessera), and tessera.pc.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/tessera)
set(pkg_config_dir ${CMAKE_INSTALL_DATADIR}/pkgconfig)

install(DIRECTORY include/tessera DESTINATION include FILES_MATCHING PATTERN "*.hpp")
install(DIRECTORY cuda/tessera DESTINATION include OPTIONAL FILES_MATCHING PATTERN "*.cuh")
install(TARGETS tessera large_networks EXPORT tessera)
install(EXPORT tessera NAMESPACE tessera:: FILE tessera-targets.cmake DESTINATION ${package_dir})

configure_package_config_file(cmake/tessera-config.cmake.in ${PROJECT_BINARY_DIR}/tessera-config.cmake
    INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tessera-config-version.cmake
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/tessera-config.cmake ${PROJECT_BINARY_DIR}/tessera-config-version.cmake
    DESTINATION ${package_dir})

# relative, so that an installed tree can be moved
file(RELATIVE_PATH prefix_from_pkg_config ${CMAKE_INSTALL_FULL_DATADIR}/pkgconfig ${CMAKE_INSTALL_PREFIX}/)
string(REGEX REPLACE "/$" "" prefix_from_pkg_config ${prefix_from_pkg_config})
set(pkg_config_requires)
if(ZLIB_FOUND)
    set(pkg_config_requires zlib)
endif()
configure_file(cmake/tessera.pc.in ${PROJECT_BINARY_DIR}/tessera.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/tessera.pc DESTINATION ${pkg_config_dir})
