/*
 * Registries compiled in from data/registries/: languages, CWE, SSVC, SPDX licences.
 *
 * Static storage; pure functions; thread-safe.
 */
#ifndef TU_IDENT_REGISTRY_H
#define TU_IDENT_REGISTRY_H

#include <stdbool.h>

#include <tutela/str.h>

enum tu_registry {
	TU_REGISTRY_LANGUAGES,
	TU_REGISTRY_CWE,
	TU_REGISTRY_SSVC,
	TU_REGISTRY_SPDX,
	TU_REGISTRY_COUNT_
};

/* The entry whose first field is `key`; what comes after the key's tab (may be empty) goes to
 * `*out_rest`, which may be NULL. */
bool tu_registry_find(enum tu_registry registry, struct tu_str key, struct tu_str *out_rest);

/* The same for "kind/key" with the key in lower case, ASCII. False for a key beyond 64 bytes. */
bool tu_registry_has(enum tu_registry registry, const char *kind, struct tu_str key);

/* Whether any key of the registry begins with `prefix`. */
bool tu_registry_has_prefix(enum tu_registry registry, struct tu_str prefix);

#endif
