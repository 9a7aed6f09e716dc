/*
 * Shared libraries that are loaded when they are first used.
 *
 * What a command does not use costs it nothing: neither the time of the dynamic linker nor the code
 * of what such a library needs in its turn. For packagers each one is named in the program's
 * section .note.dlopen, as the specification of ELF package metadata has it
 * (uapi-group.org/specifications/specs/elf_dlopen_metadata).
 *
 * Usage: a struct of pointers to functions and a table of their names, both made from one list:
 *
 *	#define FUNCTIONS(X) X(BZ2_bzopen) X(BZ2_bzclose)
 *	struct bzip2 { FUNCTIONS(TU_LIBRARY_MEMBER) };
 *	#define ROW(name) TU_LIBRARY_ROW(struct bzip2, name)
 *	static const struct tu_library_function functions[] = {FUNCTIONS(ROW)};
 */
#ifndef TU_BASE_LIBRARY_H
#define TU_BASE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

/* One function: its name and where its address goes in the caller's struct. */
struct tu_library_function {
	const char *name;
	size_t at;
};

#define TU_LIBRARY_MEMBER(name) __typeof__(name) *(name);
#define TU_LIBRARY_ROW(type, name) {#name, offsetof(type, name)},

/* The names to try, in order: those of the interfaces that the code was written for. */
struct tu_library {
	const char *const *sonames;
	size_t soname_count;
	const struct tu_library_function *functions;
	size_t function_count;
};

/* Load the library and put the address of each function into the struct at `into`. It stays loaded
 * until the process ends. False: it is not installed, or a function is missing. Any thread; the
 * caller sees to it that `into` is written once. */
bool tu_library_load(const struct tu_library *library, void *into);

/*
 * Name a library in the section .note.dlopen: what it is for, how much it is needed ("required",
 * "recommended" or "suggested") and the names that are tried, each as TU_LIBRARY_QUOTED, with
 * commas. All are string literals without quotes and backslashes of their own.
 */
#define TU_LIBRARY_QUOTED(text) "\\\"" text "\\\""
#define TU_LIBRARY__MEMBER(key, text) TU_LIBRARY_QUOTED(key) ":" TU_LIBRARY_QUOTED(text) ","
#define TU_LIBRARY_NOTE(feature, description, priority, sonames) \
	__asm__(".pushsection .note.dlopen,\"a\",%note\n" \
		".balign 4\n" \
		".long 2f - 1f, 4f - 3f, 0x407c0c0a\n" \
		"1: .asciz \"FDO\"\n" \
		"2: .balign 4\n" \
		"3: .asciz \"[{" TU_LIBRARY__MEMBER("feature", feature) TU_LIBRARY__MEMBER( \
			"description", description) TU_LIBRARY__MEMBER("priority", priority) \
			TU_LIBRARY_QUOTED("soname") ":[" sonames "]}]\"\n" \
						    "4: .balign 4\n" \
						    ".popsection")

#endif
