/*
 * An inventory as bytes, and back: what a confined reader hands to the process that asked it, and
 * how the service keeps a component.
 *
 * The form (docs/internals/sbom.md): a magic with the version, then the fields in the order of the
 * tables of shapes.c. Numbers are varints (LEB128, shortest form); a text is 0 when it is empty, 1
 * with its length and bytes when it is new, else 2 + the place among the texts so far; a list is
 * its count and its items. The same inventory gives the same bytes.
 *
 * The form has no compatibility of its own: what another version wrote is refused, and the document
 * that it came from is read again. A changed table or enumeration is a new version: a test has the
 * digest of an inventory in which every field is set.
 *
 * Ownership: what is unpacked lives in the arena and borrows nothing of the bytes.
 * Threads:   one arena, one thread.
 */
#ifndef TU_SBOM_FLAT_FLAT_H
#define TU_SBOM_FLAT_FLAT_H

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/sbom.h>
#include <tutela/str.h>

enum { TU_FLAT_VERSION = 1 };

/* Append the whole inventory. TU_E_CORRUPT: it breaks a rule that is checked when it is unpacked (a
 * text that is no UTF-8, an index out of range), which no reader does. TU_E_NOMEM, also at the
 * buffer's limit. */
TU_NODISCARD enum tu_status tu_inventory_pack(
	const struct tu_inventory *inventory, struct tu_buf *out, struct tu_error *err);

/*
 * Unpack it, trusting nothing: every length and count fits the bytes that are left before anything
 * is allocated, every index names a component (its parent an earlier one), every number of an
 * enumeration is one, every text is UTF-8 without NUL, every reference is unique, JSON is JSON, and
 * nothing follows. `limits` may be NULL: bytes (of the packed form), depth (of nested components
 * and of JSON), components and notes, with the defaults of tu_sbom_limits.
 *
 * Errors, with the offset of the byte: TU_E_CORRUPT, TU_E_UNSUPPORTED (another version),
 * TU_E_LIMIT, TU_E_NOMEM. On failure nothing is set.
 */
TU_NODISCARD enum tu_status tu_inventory_unpack(struct tu_arena *arena, struct tu_str bytes,
	const struct tu_sbom_limits *limits, const struct tu_inventory **out_inventory,
	struct tu_error *err);

/* One component alone. Its place (parent, ordinal) is that of an inventory: it is not written, and
 * unpacked it has no parent and the ordinal 0. So equal components have equal bytes. */
TU_NODISCARD enum tu_status tu_component_pack(
	const struct tu_component *component, struct tu_buf *out, struct tu_error *err);
/* As tu_inventory_unpack(). */
TU_NODISCARD enum tu_status tu_component_unpack(struct tu_arena *arena, struct tu_str bytes,
	const struct tu_sbom_limits *limits, const struct tu_component **out_component,
	struct tu_error *err);

#endif
