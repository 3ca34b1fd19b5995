# tessera_own: what the library's own programs are built with and its users never see.
option(TESSERA_NATIVE "Build for this machine's processor" OFF)
option(TESSERA_OPENMP "Build with OpenMP" OFF)
set(TESSERA_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them: address,undefined or thread")

set(CMAKE_CXX_EXTENSIONS OFF)

add_library(tessera_own INTERFACE)
target_link_libraries(tessera_own INTERFACE tessera::tessera)
target_compile_options(tessera_own INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror)

if(TESSERA_NATIVE)
    target_compile_options(tessera_own INTERFACE -march=native)
endif()

if(TESSERA_OPENMP)
    find_package(OpenMP REQUIRED COMPONENTS CXX)
    target_link_libraries(tessera_own INTERFACE OpenMP::OpenMP_CXX)
endif()

if(TESSERA_SANITIZE)
    target_compile_options(tessera_own INTERFACE
        -fsanitize=${TESSERA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(tessera_own INTERFACE -fsanitize=${TESSERA_SANITIZE})
endif()
