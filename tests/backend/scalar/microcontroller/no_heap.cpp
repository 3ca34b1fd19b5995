// Every way to the heap stops the program.
#include <cstddef>
#include <cstdlib>
#include <new>

extern "C" {
void* malloc(std::size_t) noexcept { std::abort(); }
void* calloc(std::size_t, std::size_t) noexcept { std::abort(); }
void* realloc(void*, std::size_t) noexcept { std::abort(); }
void* aligned_alloc(std::size_t, std::size_t) noexcept { std::abort(); }
int posix_memalign(void**, std::size_t, std::size_t) noexcept { std::abort(); }
void free(void*) noexcept {}
}

void* operator new(std::size_t) { std::abort(); }
void* operator new[](std::size_t) { std::abort(); }
void* operator new(std::size_t, std::align_val_t) { std::abort(); }
void* operator new[](std::size_t, std::align_val_t) { std::abort(); }
void operator delete(void*) noexcept {}
void operator delete[](void*) noexcept {}
void operator delete(void*, std::size_t) noexcept {}
void operator delete[](void*, std::size_t) noexcept {}
void operator delete(void*, std::align_val_t) noexcept {}
void operator delete[](void*, std::align_val_t) noexcept {}
