# Install rules: headers, the CMake package and two pkg-config files. Nothing here depends on a processor, so all of it
# goes under the data folder.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(sark_package_dir "${CMAKE_INSTALL_DATADIR}/cmake/sark")

install(TARGETS sark_core EXPORT sark_core_targets FILE_SET HEADERS)
install(EXPORT sark_core_targets NAMESPACE sark:: DESTINATION "${sark_package_dir}" FILE sark-core-targets.cmake)
if(NOT SARK_CORE_ONLY)
    install(TARGETS sark_sark EXPORT sark_sark_targets FILE_SET HEADERS)
    install(EXPORT sark_sark_targets NAMESPACE sark:: DESTINATION "${sark_package_dir}" FILE sark-sark-targets.cmake)
endif()
if(TARGET sark_cli)
    install(TARGETS sark_cli EXPORT sark_cli_targets FILE_SET HEADERS)
    install(EXPORT sark_cli_targets NAMESPACE sark:: DESTINATION "${sark_package_dir}" FILE sark-cli-targets.cmake)
endif()
if(TARGET sark_program)
    # Who wants the headers alone configures with SARK_BUILD_CLI=OFF; nothing is to be built then.
    install(TARGETS sark_program RUNTIME)
endif()

configure_package_config_file(cmake/sark-config.cmake.in sark-config.cmake INSTALL_DESTINATION "${sark_package_dir}")
write_basic_package_version_file(sark-config-version.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(
    FILES
        "${CMAKE_CURRENT_BINARY_DIR}/sark-config.cmake"
        "${CMAKE_CURRENT_BINARY_DIR}/sark-config-version.cmake"
        cmake/dependencies.cmake
    DESTINATION "${sark_package_dir}")

configure_file(cmake/sark-core.pc.in sark-core.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/sark-core.pc" DESTINATION "${CMAKE_INSTALL_DATADIR}/pkgconfig")
if(NOT SARK_CORE_ONLY)
    configure_file(cmake/sark.pc.in sark.pc @ONLY)
    install(FILES "${CMAKE_CURRENT_BINARY_DIR}/sark.pc" DESTINATION "${CMAKE_INSTALL_DATADIR}/pkgconfig")
endif()
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
