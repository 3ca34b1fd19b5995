# tessera_own: what the library's own programs are built with and its users never see.
option(TESSERA_NATIVE "Build for this machine's processor" OFF)
option(TESSERA_OPENMP "Build with OpenMP" OFF)
set(TESSERA_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them: address,undefined or thread")

include(CheckCXXCompilerFlag)

set(CMAKE_CXX_EXTENSIONS OFF)

foreach(component tessera xtensor)
    tessera_find_component(${component} missing)
    if(missing)
        message(FATAL_ERROR "${missing}")
    endif()
endforeach()

add_library(tessera_own INTERFACE)
target_link_libraries(tessera_own INTERFACE tessera::tessera tessera::xtensor)
target_compile_options(tessera_own INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror)

if(TESSERA_NATIVE)
    target_compile_options(tessera_own INTERFACE -march=native)
    # clang++ 19 warns of the features that it makes of native by itself where the processor has AVX10.1
    check_cxx_compiler_flag(-Winvalid-feature-combination TESSERA_WARNS_OF_FEATURES)
    if(TESSERA_WARNS_OF_FEATURES)
        target_compile_options(tessera_own INTERFACE -Wno-invalid-feature-combination)
    endif()
endif()

if(TESSERA_OPENMP)
    find_package(OpenMP REQUIRED COMPONENTS CXX)
    # not its target, whose options depend on the language: tests/ also hands ours to a compiler by itself
    separate_arguments(openmp_flags NATIVE_COMMAND "${OpenMP_CXX_FLAGS}")
    target_compile_options(tessera_own INTERFACE ${openmp_flags})
    target_include_directories(tessera_own SYSTEM INTERFACE ${OpenMP_CXX_INCLUDE_DIRS})
    target_link_libraries(tessera_own INTERFACE ${OpenMP_CXX_LIBRARIES})
endif()

if(TESSERA_SANITIZE)
    target_compile_options(tessera_own INTERFACE
        -fsanitize=${TESSERA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(tessera_own INTERFACE -fsanitize=${TESSERA_SANITIZE})
endif()
