/*
 * Versions of Java's development kit and runtime up to 8, which have a name in every place: 8u191,
 * 1.8.0_191, 8.0.191, on Windows 8.0.1910.12, and in NVD version 1.8.0 with update "update191"
 * (JEP 223 and 322 say how they are numbered; later ones, "11.0.2", have one form only).
 */
#ifndef TU_IDENT_JAVA_H
#define TU_IDENT_JAVA_H

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/cpe.h>

/* Is it one of the products "jdk", "jre" and "openjdk"? */
bool tu_java_is(const struct tu_cpe *cpe);

/* Bring version and update of such a name to the form 1.8.0 and "update191"; both as they were
 * where the version is of no such form, or the product another. `component`: the version of the
 * component that has the name, for what the name leaves open, or empty. Texts live in the arena.
 * False: no memory. */
TU_NODISCARD bool tu_java_settle(
	struct tu_arena *arena, struct tu_str component, struct tu_cpe *cpe);

/* A version as one text, as an end of a range: "1.8.0-update191"; else as it was. False: no
 * memory. */
TU_NODISCARD bool tu_java_text(struct tu_arena *arena, struct tu_str version, struct tu_str *out);

#endif
