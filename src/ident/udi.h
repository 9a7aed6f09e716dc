/*
 * Unique device identifiers as printed: whose form a device identifier has, and whether its check
 * character agrees.
 *
 * GS1 General Specifications, 7.9: modulo 10, weights 3 and 1 from the right. ANSI/HIBC 2.6,
 * appendix B: modulo 43 over all characters from "+" on. ICCBBA, ISBT 128 for medical devices: a
 * processor product identification code has no check character; its structure can be tested.
 */
#ifndef TU_IDENT_UDI_H
#define TU_IDENT_UDI_H

#include <stdbool.h>

#include <tutela/str.h>

enum tu_udi_agency {
	TU_UDI_UNKNOWN, /* another agency's, such as IFA; or no identifier */
	TU_UDI_GS1, /* "09506000134352", "(01)09506000134352(21)…", 8, 12 or 13 digits */
	TU_UDI_HIBCC, /* "+A123BJC5D6E71G", "+A123BJC5D6E71/$$…", "A123BJC5D6E71" */
	TU_UDI_ICCBBA /* "=/A9999XYZ100T0944", "=)1TE123456A", "A9999XYZ100T0944" */
};

enum tu_udi_fault {
	TU_UDI_SOUND, /* as far as it can be known */
	TU_UDI_CHARACTER, /* `expected` is the right check digit or character, `found` is there */
	TU_UDI_STRUCTURE /* `why` */
};

struct tu_udi {
	enum tu_udi_agency agency;
	enum tu_udi_fault fault;
	char found;
	char expected;
	const char *why; /* static; what the structure is missing */
	struct tu_str di; /* the device identifier alone, in `text`: the GTIN, or without flag */
};

/* Judge a device identifier, or a whole UDI that begins with one. HIBCC's identifier without its
 * check character, as databases have it, is sound. Borrows `text`. */
struct tu_udi tu_udi_judge(struct tu_str text);

/* Do two texts name the same device? By the device identifier alone: a GTIN of fewer digits has
 * zeros before it, flags and production identifiers do not count. What is no sound identifier is
 * the same as nothing. */
bool tu_udi_same(struct tu_str a, struct tu_str b);
/* The version of the software that a whole UDI of GS1 states, "(8012)4.3.1"; empty: none. */
struct tu_str tu_udi_software(struct tu_str text);

/* "GS1", "HIBCC", "ICCBBA", "unknown". Static. */
const char *tu_udi_agency_name(enum tu_udi_agency agency);

#endif
