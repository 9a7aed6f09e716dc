/*
 * Types of external references: CycloneDX's words, which an inventory has, and those of SPDX 3.
 *
 * Static storage; pure functions; thread-safe.
 */
#ifndef TU_SBOM_REFERENCES_H
#define TU_SBOM_REFERENCES_H

#include <tutela/str.h>

/* SPDX 3.0.1 ExternalRefType for a type of CycloneDX, of SPDX 2 or of its own; empty: none. */
struct tu_str tu_sbom__spdx3_reference_word(struct tu_str type);
/* The type of an inventory for one of SPDX 3: CycloneDX's where it has one. */
struct tu_str tu_sbom__reference_of_spdx3(struct tu_str word);

#endif
