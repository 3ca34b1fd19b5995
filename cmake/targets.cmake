# A target for each component, whatever is installed: tessera::core needs nothing, and who links another without what it
# needs is told by CMake.
set(TESSERA_COMPONENTS "" CACHE STRING "The components that must be there; empty: those whose packages are found")

set(wanted ${TESSERA_COMPONENTS})
if(NOT wanted)
    set(wanted simd io data xtensor)
    if(CMAKE_CUDA_COMPILER)
        list(APPEND wanted cuda)
    endif()
endif()
foreach(component IN LISTS wanted)
    tessera_find_component(${component} missing)
    if(missing AND TESSERA_COMPONENTS)
        message(FATAL_ERROR "${missing}")
    elseif(missing)
        string(STRIP "${missing}" missing)
        message(STATUS "${missing}")
    endif()
endforeach()

foreach(component IN LISTS tessera_components)
    string(REPLACE "tessera_tessera" "tessera" target tessera_${component})
    add_library(${target} INTERFACE)
    add_library(tessera::${component} ALIAS ${target})
    set_target_properties(${target} PROPERTIES EXPORT_NAME ${component})
    list(TRANSFORM tessera_${component}_parts PREPEND tessera:: OUTPUT_VARIABLE parts)
    target_link_libraries(${target} INTERFACE ${parts})
    foreach(package IN LISTS tessera_${component}_packages)
        list(GET tessera_package_${package} 0 target_of_package)
        target_link_libraries(${target} INTERFACE ${target_of_package})
    endforeach()
endforeach()

target_compile_features(tessera_core INTERFACE cxx_std_20)
target_include_directories(tessera_core INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>)
target_include_directories(tessera_cuda INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/cuda>)

# Device code calls the library's constexpr functions. The standard is an option, as CMake 3.25 knows no cuda_std_20.
target_compile_options(tessera_cuda INTERFACE
    $<$<COMPILE_LANGUAGE:CUDA>:-std=c++20>
    $<$<COMPILE_LANG_AND_ID:CUDA,NVIDIA>:--expt-relaxed-constexpr>)

# A network is compiled by constant evaluation. Very large ones go beyond the compilers' default limits, a ResNet-50
# that is trained beyond clang's; link this target as well for them.
add_library(tessera_large_networks INTERFACE)
add_library(tessera::large_networks ALIAS tessera_large_networks)
set_target_properties(tessera_large_networks PROPERTIES EXPORT_NAME large_networks)
target_compile_options(tessera_large_networks INTERFACE
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fconstexpr-ops-limit=1000000000>
    $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-fconstexpr-steps=500000000>)
