/*
 * Shared libraries that are loaded when they are first used.
 *
 * What a command does not use costs it nothing: neither the time of the dynamic linker nor the code
 * of what such a library needs in its turn. For packagers each one is named in the program's
 * section .note.dlopen, as the specification of ELF package metadata has it
 * (uapi-group.org/specifications/specs/elf_dlopen_metadata).
 *
 * Usage: a struct of pointers to functions and the table of their names, both made from one list:
 *
 *	#define FUNCTIONS(X) X(BZ2_bzopen) X(BZ2_bzclose)
 *	struct bzip2 { FUNCTIONS(TU_LIBRARY_MEMBER) };
 *	TU_LIBRARY(library, struct bzip2, FUNCTIONS, "libbz2.so.1.0");
 *	TU_LIBRARY_NOTE("bzip2", "what for", "suggested", TU_LIBRARY_QUOTED("libbz2.so.1.0"));
 *
 *	const struct bzip2 *bz = tu_library(&library);
 */
#ifndef TU_BASE_LIBRARY_H
#define TU_BASE_LIBRARY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define TU_LIBRARY_MEMBER(name) __typeof__(name) *(name);
#define TU_LIBRARY__NAME(name) #name,

/* A library and whether it has been loaded: made by TU_LIBRARY. */
struct tu_library {
	const char *const *sonames; /* to try, in order */
	size_t soname_count;
	const char *const *names; /* of the functions */
	size_t name_count;
	void *functions; /* a struct of so many pointers to functions, in the order of the names */
	atomic_int state;
};

/* Define a static `variable` for a library: `type` is the struct of its functions, `FUNCTIONS` the
 * list that made it, then the names to try, in order: of the interfaces that the code is for. */
#define TU_LIBRARY(variable, type, FUNCTIONS, ...) \
	static const char *const variable##_sonames[] = {__VA_ARGS__}; \
	static const char *const variable##_names[] = {FUNCTIONS(TU_LIBRARY__NAME)}; \
	static type variable##_functions; \
	static struct tu_library variable = {.sonames = variable##_sonames, \
		.soname_count = sizeof(variable##_sonames) / sizeof(variable##_sonames[0]), \
		.names = variable##_names, \
		.name_count = sizeof(variable##_names) / sizeof(variable##_names[0]), \
		.functions = &variable##_functions}; \
	_Static_assert(sizeof(type) == \
			sizeof(variable##_names) / sizeof(variable##_names[0]) * \
				sizeof(void (*)(void)), \
		"a pointer for each name, and nothing else")

/* The struct of its functions. The first call loads it; it stays loaded until the process ends.
 * NULL: it is not installed, or a function is missing. Any thread; a program that forks with other
 * threads running calls it before. */
const void *tu_library(struct tu_library *library);

/* It was asked for, and there was none. Any thread; loads nothing. */
bool tu_library_was_missing(struct tu_library *library);

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
