/*
 * Formats that are another spelling of one that is read from JSON.
 *
 * CycloneDX XML says the same as CycloneDX JSON, and SPDX tag-value, YAML and RDF the same as SPDX
 * JSON; package databases can be said in CycloneDX. Each such reader writes the document as the
 * JSON of its format into a bounded buffer, in one pass, and the JSON reader makes the inventory:
 * the meaning of every member is in one place. What the writer leaves out, it notes.
 *
 * Where the order of the source allows, the text keeps the source's lines: line N of the JSON
 * contains what is in line N of the source, so that an error of the JSON reader names the right
 * line.
 */
#ifndef TU_SBOM_REWRITE_H
#define TU_SBOM_REWRITE_H

#include <tutela/sbom.h>

#include "base/json_writer.h"
#include "base/vec.h"
#include "sbom/inventory.h"

/* A note from before there is a builder. */
struct tu_sbom_prior {
	const char *what; /* static */
	struct tu_str detail;
	struct tu_str place; /* "line 12, /bom/components" */
	size_t count;
};

struct tu_sbom_rewrite {
	const struct tu_sbom_limits *limits;
	struct tu_error *err;
	struct tu_arena *scratch; /* lives until the inventory is made */
	struct tu_buf json;
	struct tu_json_writer to; /* into `json` */
	size_t line; /* of `json`, from 1 */
	bool keeps_lines;
	TU_VEC(struct tu_sbom_prior) priors;
	size_t priors_left_out;
	enum tu_sbom_format format;
	/* What the inventory calls the version, when the JSON has another; empty: the JSON's. */
	struct tu_str spec_version;
};

TU_NODISCARD bool tu_sbom__rewrite_init(
	struct tu_sbom_rewrite *r, const struct tu_sbom_limits *limits, struct tu_error *err);
void tu_sbom__rewrite_done(struct tu_sbom_rewrite *r);
/* Continue on the line of the source. */
void tu_sbom__rewrite_line(struct tu_sbom_rewrite *r, size_t line);
/* What became of the buffer: TU_OK, TU_E_LIMIT or TU_E_NOMEM with its message. */
TU_NODISCARD enum tu_status tu_sbom__rewrite_check(
	const struct tu_sbom_rewrite *r, const struct tu_buf *buf);
TU_NODISCARD enum tu_status tu_sbom__rewrite_nomem(const struct tu_sbom_rewrite *r);
/* Notes with the same words are joined. `line` 0: none; `path` may be empty. */
TU_NODISCARD enum tu_status tu_sbom__rewrite_note(struct tu_sbom_rewrite *r, size_t line,
	struct tu_str path, const char *what, struct tu_str detail);
/* Hand the notes to the builder. */
TU_NODISCARD enum tu_status tu_sbom__rewrite_hand_over(
	const struct tu_sbom_rewrite *r, struct tu_sbom_builder *b);
/* Limit of a buffer that contains what is written from the document. */
size_t tu_sbom__rewrite_ceiling(const struct tu_sbom_limits *limits);

/* A buffer of its own with its writer, for a list that grows beside the others. */
struct tu_sbom_part {
	struct tu_buf buf;
	struct tu_json_writer to;
};

void tu_sbom__part_init(struct tu_sbom_rewrite *r, struct tu_sbom_part *part);
/* Write the items of a part as the member `key`, and give the part back. */
TU_NODISCARD enum tu_status tu_sbom__part_member(
	struct tu_sbom_rewrite *r, const char *key, struct tu_sbom_part *part);

/* The writers: `text` is the whole document. */
TU_NODISCARD enum tu_status tu_sbom__rewrite_cyclonedx_xml(
	struct tu_sbom_rewrite *r, struct tu_str text);
TU_NODISCARD enum tu_status tu_sbom__rewrite_spdx_tag_value(
	struct tu_sbom_rewrite *r, struct tu_str text);
TU_NODISCARD enum tu_status tu_sbom__rewrite_spdx_yaml(
	struct tu_sbom_rewrite *r, struct tu_str text);
TU_NODISCARD enum tu_status tu_sbom__rewrite_spdx_rdf(
	struct tu_sbom_rewrite *r, struct tu_str text);
TU_NODISCARD enum tu_status tu_sbom__rewrite_swid(struct tu_sbom_rewrite *r, struct tu_str text);
TU_NODISCARD enum tu_status tu_sbom__rewrite_yocto_archive(
	struct tu_sbom_rewrite *r, struct tu_str text);
TU_NODISCARD enum tu_status tu_sbom__rewrite_dpkg(struct tu_sbom_rewrite *r, struct tu_str text);
TU_NODISCARD enum tu_status tu_sbom__rewrite_apk(struct tu_sbom_rewrite *r, struct tu_str text);

/* Read `source` by a writer without looking at its content. */
TU_NODISCARD enum tu_status tu_sbom__read_source(struct tu_arena *arena,
	const struct tu_sbom_limits *limits,
	enum tu_status (*rewrite)(struct tu_sbom_rewrite *r, struct tu_str text),
	struct tu_str source, const struct tu_inventory **out_inventory, struct tu_error *err);

#endif
