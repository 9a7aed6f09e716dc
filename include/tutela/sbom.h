/*
 * Software bills of materials: every format into one inventory.
 *
 * Ownership: an inventory lives in the arena it was read into and borrows nothing else.
 * Threads:   a built inventory is immutable and may be shared.
 */
#ifndef TUTELA_SBOM_H
#define TUTELA_SBOM_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/claim.h>
#include <tutela/error.h>
#include <tutela/sbom_parts.h>
#include <tutela/sink.h>
#include <tutela/str.h>

TU_BEGIN_C

/* No component: the subject's parent, a relationship's end that was not found. */
#define TU_NO_COMPONENT UINT32_MAX

enum tu_sbom_format {
	TU_SBOM_UNKNOWN,
	TU_SBOM_CYCLONEDX_JSON,
	TU_SBOM_SPDX_JSON,
	TU_SBOM_CYCLONEDX_XML,
	TU_SBOM_SPDX_TAG_VALUE,
	TU_SBOM_SPDX_YAML,
	TU_SBOM_SPDX_RDF,
	TU_SBOM_SPDX3_JSON,
	TU_SBOM_SWID,
	/* Evidence of builds, and what is installed. */
	TU_SBOM_YOCTO_SPDX,
	TU_SBOM_YOCTO_CVE_CHECK,
	TU_SBOM_BUILDROOT_PKG_STATS,
	TU_SBOM_BUILDROOT_SHOW_INFO,
	TU_SBOM_DPKG_STATUS,
	TU_SBOM_APK_INSTALLED,
	TU_SBOM_ROOTFS,
	TU_SBOM_FORMATS_
};

/* CycloneDX's component types and SPDX's primary purposes, as far as they matter here. */
enum tu_component_kind {
	TU_KIND_UNKNOWN,
	TU_KIND_APPLICATION,
	TU_KIND_FRAMEWORK,
	TU_KIND_LIBRARY,
	TU_KIND_CONTAINER,
	TU_KIND_OPERATING_SYSTEM,
	TU_KIND_DEVICE,
	TU_KIND_FIRMWARE,
	TU_KIND_FILE,
	TU_KIND_PLATFORM,
	TU_KIND_DEVICE_DRIVER,
	TU_KIND_MODEL,
	TU_KIND_DATA,
	TU_KIND_CRYPTOGRAPHIC_ASSET,
	TU_KIND_SOURCE,
	TU_KIND_ARCHIVE,
	TU_KIND_INSTALL,
	TU_KIND_OTHER
};

enum tu_scope { TU_SCOPE_REQUIRED, TU_SCOPE_OPTIONAL, TU_SCOPE_EXCLUDED };

/* Lists are pointer and count; NULL when empty. Absent texts are empty. */
struct tu_component {
	struct tu_str ref; /* bom-ref or SPDXID; unique in the document when it is not empty */
	enum tu_component_kind kind;
	enum tu_scope scope;
	struct tu_str group; /* CycloneDX group: a purl namespace without its encoding */
	struct tu_str name;
	struct tu_str version;
	struct tu_str supplier; /* the first one named, in the order of enum tu_role */
	struct tu_str contact; /* e-mail address or URL of the supplier */
	struct tu_str purl; /* as written; parsed and normalised by the matcher */
	const struct tu_str *cpes; /* as written, 2.3 or 2.2 */
	size_t cpe_count;
	struct tu_str swid; /* tag id */
	const struct tu_hash_value *hashes;
	size_t hash_count;
	const struct tu_licence *licences;
	size_t licence_count;
	const struct tu_property *properties; /* all of them, as written */
	size_t property_count;
	const struct tu_resolved *resolved;
	size_t resolved_count;
	const struct tu_sbom_detail *detail; /* NULL: nothing more is stated, or was asked for */
	uint32_t parent; /* index of the component that this one is nested in */
	uint32_t ordinal; /* place in its list, for tu_component_pointer() */
};

/* Something that the reader did not understand or had to repair, reported rather than dropped. */
struct tu_sbom_note {
	/* JSON pointer of the place, of the first one if there are more. In a source that is not
	 * JSON: "line 12, /bom/components", or the pointer into its JSON form. */
	struct tu_str pointer;
	struct tu_str message;
	size_t count; /* places of the same kind that this note stands for; at least 1 */
};

struct tu_sbom_above;
struct tu_inventory {
	enum tu_sbom_format format;
	struct tu_str spec_version; /* "1.6", "SPDX-2.3" */
	struct tu_str serial; /* serialNumber or documentNamespace */
	uint32_t bom_version; /* of the documents with this serial number; 0: not stated */
	struct tu_str name; /* of the document, else of the subject */
	struct tu_str created; /* RFC 3339 as written */
	const struct tu_str *tools; /* "syft 1.2.3" */
	size_t tool_count;
	struct tu_str phase; /* of the software's life in which it was made, as written: "build" */
	const struct tu_str *phases; /* all of them, when there are several */
	size_t phase_count;
	const struct tu_party *authors; /* that made the document: authors, manufacturer */
	size_t author_count;
	struct tu_str supplier; /* of what the document describes: who answers for what it says */
	const struct tu_licence *licences; /* of the document itself; SPDX: its data licence */
	size_t licence_count;
	const struct tu_licence_text *licence_texts; /* by which "LicenseRef-…" is to be read */
	size_t licence_text_count;
	const struct tu_property *properties; /* of the document */
	size_t property_count;
	const struct tu_sbom_detail *detail; /* of the document; NULL as a component's */
	uint32_t subject; /* what the document describes, an index into components */
	const struct tu_component *components; /* in document order; parents before children */
	size_t component_count;
	const struct tu_relationship *relationships;
	size_t relationship_count;
	/* Components that are known to depend on nothing, by index, in order; of one that is not
	 * here and has no dependencies they are not known. */
	const uint32_t *leaves;
	size_t leaf_count;
	/* What it says about vulnerabilities; what patches resolve is in its components. */
	const struct tu_vex_claim *claims;
	size_t claim_count;
	const struct tu_sbom_note *notes;
	size_t note_count;
	size_t notes_left_out; /* beyond the limit on notes; never silent */
	/* What was understood and is not kept: no writer can say it again. */
	const struct tu_sbom_note *unkept;
	size_t unkept_count;
	struct tu_str root; /* JSON pointer of the SBOM in the document, "" unless it is wrapped */
	const struct tu_sbom_above *above; /* tutela/sbom_above.h; NULL: not asked for */
	struct tu_str list; /* member that lists the components: "components", "packages", … */
};

/* Limits; zero means the default in brackets. */
struct tu_sbom_limits {
	size_t bytes; /* [1 GiB] */
	size_t depth; /* [256] */
	size_t components; /* [2,000,000] */
	size_t notes; /* kept in full [1,000] */
	/* Leave out what matching does not ask for: detail, texts of licences, leaves, unkept.
	 * What is read so is not to be written as a document again. */
	bool for_matching;
};

/*
 * Read a document of any supported format, detected by content. `text` is already decompressed;
 * `padded`: 64 bytes after it are readable (spares a copy). `limits` may be NULL.
 *
 * Errors: TU_E_SYNTAX with line, column and JSON pointer; TU_E_UNSUPPORTED naming the format and
 * version that was found and those that are read; TU_E_LIMIT; TU_E_NOMEM. On failure nothing is
 * set. A document that is readable in part gives an inventory with notes.
 */
TU_API TU_NODISCARD enum tu_status tu_sbom_read(struct tu_arena *arena, struct tu_str text,
	bool padded, const struct tu_sbom_limits *limits, const struct tu_inventory **out_inventory,
	struct tu_error *err);

/*
 * Read what is installed in the folder of a root file system: the package databases of Debian
 * (var/lib/dpkg/status and status.d), Alpine (lib/apk/db/installed) and OpenWrt or Yocto (opkg),
 * os-release, and the kernels of lib/modules. Nothing is followed out of the folder. A database of
 * rpm is copied into a temporary folder (/tmp or /var/tmp) and read there by a process of its own
 * that loads librpm; where that is not possible, a note names the database as not read.
 *
 * Errors: TU_E_NOTFOUND when there is no such folder or nothing of this in it; otherwise as
 * tu_sbom_read().
 */
TU_API TU_NODISCARD enum tu_status tu_sbom_read_rootfs(struct tu_arena *arena, const char *path,
	const struct tu_sbom_limits *limits, const struct tu_inventory **out_inventory,
	struct tu_error *err);

/* What can be written. */
enum tu_sbom_target {
	TU_SBOM_TO_CYCLONEDX_16_JSON,
	TU_SBOM_TO_SPDX_23_JSON,
	TU_SBOM_TO_CYCLONEDX_16_XML,
	TU_SBOM_TO_SPDX_23_TAG_VALUE,
	TU_SBOM_TO_SPDX_301_JSON,
	TU_SBOM_TO_CYCLONEDX_17_JSON,
	TU_SBOM_TO_CYCLONEDX_17_XML,
	TU_SBOM_TARGETS_
};

/* What the inventory does not know. Empty texts are left out or taken from the inventory. */
struct tu_sbom_write_options {
	struct tu_str tool; /* who writes: "tutela 0.1.0" */
	struct tu_str created; /* RFC 3339 in UTC, "2024-01-02T03:04:05Z"; SPDX needs one */
	/* "urn:uuid:…" or a namespace, instead of the inventory's. SPDX needs one that can be its
	 * document's id. */
	struct tu_str serial;
};

struct tu_sbom_losses {
	const struct tu_sbom_note *notes; /* pointers are those of the inventory's source */
	size_t count;
};

/*
 * Write the inventory as a document. The same inventory and options give the same bytes. What the
 * target has no place for is in *out_losses (in the arena), one note a kind with its count.
 *
 * Errors: TU_E_USAGE when the target needs an option that is missing; TU_E_LIMIT or TU_E_NOMEM by
 * the buffer or the arena; the failure of the sink.
 */
TU_API TU_NODISCARD enum tu_status tu_sbom_write(struct tu_arena *arena,
	const struct tu_inventory *inventory, enum tu_sbom_target target,
	const struct tu_sbom_write_options *options, struct tu_sink *sink,
	struct tu_sbom_losses *out_losses, struct tu_error *err);

/* "cyclonedx-1.6-json", "spdx-2.3-tv": the words by which a person names a target. Static. */
TU_API const char *tu_sbom_target_name(enum tu_sbom_target target);
/* The target that is named so; false when there is none. */
TU_API bool tu_sbom_target_named(struct tu_str name, enum tu_sbom_target *out_target);
/* Can it be the document's id there: SPDX 2 has URIs without a fragment, SPDX 3 has IRIs. Where
 * CycloneDX cannot hold one, its writer leaves it out and says so. */
TU_API bool tu_sbom_target_holds_serial(enum tu_sbom_target target, struct tu_str serial);
/* "CycloneDX JSON", "SPDX JSON", "unknown". Static storage. */
TU_API const char *tu_sbom_format_name(enum tu_sbom_format format);
/* CycloneDX's words ("library", "operating-system"); "" for unknown. Static storage. */
TU_API const char *tu_component_kind_name(enum tu_component_kind kind);
/* Append the JSON pointer of a component ("/components/3/components/0"): where it is in the
 * document, for messages. */
TU_API void tu_component_pointer(const struct tu_inventory *inventory,
	const struct tu_component *component, struct tu_buf *out);
/* The value of the first property with this name, or the empty view. */
TU_API struct tu_str tu_component_property(
	const struct tu_component *component, struct tu_str name);

TU_END_C

#endif
