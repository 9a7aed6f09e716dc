/*
 * Packages and files of SPDX 2 JSON as components.
 */
#ifndef TU_SBOM_SPDX_PACKAGE_H
#define TU_SBOM_SPDX_PACKAGE_H

#include "sbom/inventory.h"

/* Readers for lists; `into` is not looked at. */
TU_NODISCARD enum tu_status tu_sbom__spdx_package(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into);
TU_NODISCARD enum tu_status tu_sbom__spdx_file(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into);

/* "Person: Jane Doe (jane@acme.example)": name, contact and kind, as views. */
struct tu_sbom_made tu_sbom__spdx_actor(struct tu_str text);

#endif
