/*
 * The knowledge base: every advisory's facts in one immutable file, opened with mmap and used
 * without parsing.
 *
 * A builder takes advisories (tutela/advisory.h) in any order, merges them by alias into
 * vulnerabilities and writes the file. The same advisories give the same bytes.
 *
 * Ownership: an open knowledge base owns its map; every view that it hands out borrows from the
 * map. Threads:   an open knowledge base is immutable and may be shared. A builder belongs to one
 * thread.
 */
#ifndef TUTELA_KB_H
#define TUTELA_KB_H

#include <stdint.h>

#include <tutela/advisory.h>
#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/range.h>
#include <tutela/str.h>

TU_BEGIN_C

#define TU_KB_NONE UINT32_MAX

/* ---- building ---- */

struct tu_kb_builder;

struct tu_kb_build_counts {
	size_t advisories; /* in the file */
	size_t superseded; /* the same record in an older state, left out */
	size_t vulnerabilities; /* after merging by alias */
	size_t rejected; /* vulnerabilities that every record rejects or withdraws */
	size_t alias_conflicts; /* alias links not followed, for they would merge two CVEs */
	size_t withdrawn_kev; /* assertions that a catalogue has taken back since */
	size_t epss_unused; /* EPSS scores of vulnerabilities that no other source knows */
	size_t packages;
	size_t products;
	size_t entries; /* affected packages and products */
	size_t spans;
};

/* NULL when out of memory. */
TU_API TU_NODISCARD struct tu_kb_builder *tu_kb_builder_new(void);
TU_API void tu_kb_builder_free(struct tu_kb_builder *builder);

/* Add one advisory; copies what it needs. Fits tu_advisory_sink.advisory with the builder as
 * context. */
TU_API TU_NODISCARD enum tu_status tu_kb_builder_add(
	struct tu_kb_builder *builder, const struct tu_advisory *advisory, struct tu_error *err);

/* Say that components named `name` (a plain lower-case package name, or a purl without version)
 * are the product `vendor`:`product` of CPE names, whose versions follow `scheme`. */
TU_API TU_NODISCARD enum tu_status tu_kb_builder_alias(struct tu_kb_builder *builder,
	struct tu_str name, struct tu_str vendor, struct tu_str product, enum tu_scheme scheme,
	struct tu_error *err);

/* Add the end of support of a product's release; copies what it needs. Fits
 * tu_advisory_sink.lifecycle through a wrapper of the caller's. */
TU_API TU_NODISCARD enum tu_status tu_kb_builder_lifecycle(struct tu_kb_builder *builder,
	const struct tu_support_cycle *lifecycle, struct tu_error *err);

/* Write the whole file into `out` (its limit bounds the size) and count. The builder can only be
 * freed afterwards. */
TU_API TU_NODISCARD enum tu_status tu_kb_builder_finish(struct tu_kb_builder *builder,
	struct tu_buf *out, struct tu_kb_build_counts *out_counts, struct tu_error *err);

/* ---- opening ---- */

struct tu_kb;

/* Map a file. Checks magic, format version, size and table bounds, not the checksum: call
 * tu_kb_verify() before trusting a file that was not verified since it was last written.
 * TU_E_CORRUPT, TU_E_UNSUPPORTED (another format version), TU_E_NOTFOUND, TU_E_IO. */
TU_API TU_NODISCARD enum tu_status tu_kb_open(
	const char *path, struct tu_kb **out_kb, struct tu_error *err);
/* The same over bytes that outlive the knowledge base, aligned to 8. */
TU_API TU_NODISCARD enum tu_status tu_kb_open_memory(
	const void *bytes, size_t len, struct tu_kb **out_kb, struct tu_error *err);
TU_API void tu_kb_close(struct tu_kb *kb);

/* Compare the SHA-256 in the header with the contents and walk all tables: every reference lies
 * inside its table. TU_E_CORRUPT otherwise. */
TU_API TU_NODISCARD enum tu_status tu_kb_verify(const struct tu_kb *kb, struct tu_error *err);

/* ---- asking ---- */

struct tu_kb_info {
	uint64_t bytes;
	uint32_t format; /* version of the file format */
	uint8_t sha256[32];
	uint32_t vulnerabilities;
	uint32_t advisories;
	uint32_t packages;
	uint32_t products;
	uint32_t entries;
	uint32_t aliases;
	uint32_t sources;
	uint32_t lifecycles;
	int64_t newest; /* the newest date that any record states: the age of the knowledge */
};
TU_API void tu_kb_info(const struct tu_kb *kb, struct tu_kb_info *out_info);

struct tu_kb_source {
	enum tu_source source;
	struct tu_str database; /* "GHSA", "PYSEC", …; empty for sources that are one database */
	uint32_t records;
	int64_t newest; /* newest published or modified date among them; 0: none stated */
};
TU_API struct tu_kb_source tu_kb_source(const struct tu_kb *kb, uint32_t index);
/* How far the data reach: of the sources that say what is affected and have at least a hundredth of
 * all records, the one whose newest record is the oldest. A fresh source says nothing of the
 * others. False where none of them states a date. */
TU_API bool tu_kb_oldest_source(const struct tu_kb *kb, struct tu_kb_source *out_source);

struct tu_kb_vulnerability {
	struct tu_str id; /* the CVE id where there is one */
	struct tu_str title; /* of the source that `title_source` names */
	enum tu_source title_source;
	bool rejected; /* every record of it is rejected or withdrawn */
	bool disputed;
	bool has_kev; /* a catalogue says that it is exploited: tu_kb_exploited_next() */
	bool was_kev; /* none does today, one did: its assertion is withdrawn */
	struct tu_kev kev; /* of the first catalogue, CISA's where it is among them */
	float epss_score; /* negative: none */
	float epss_percentile;
	uint32_t advisories; /* how many records speak of it */
};
TU_API struct tu_kb_vulnerability tu_kb_vulnerability(const struct tu_kb *kb, uint32_t index);

/* The vulnerability with this id, of any kind (CVE, GHSA, …), ASCII case folded; TU_KB_NONE. */
TU_API uint32_t tu_kb_find(const struct tu_kb *kb, struct tu_str id);

/* The n-th record about a vulnerability: an advisory index. */
TU_API uint32_t tu_kb_record(const struct tu_kb *kb, uint32_t vulnerability, uint32_t n);

struct tu_kb_advisory {
	enum tu_source source;
	struct tu_str id;
	struct tu_str database;
	enum tu_advisory_state state;
	int64_t published, modified, withdrawn; /* 0: not stated */
	struct tu_str title;
	struct tu_ssvc ssvc;
	bool has_kev;
	struct tu_kev kev;
	uint32_t aliases, related, cwes, scores, references; /* lengths of the lists below */
};
TU_API struct tu_kb_advisory tu_kb_advisory(const struct tu_kb *kb, uint32_t advisory);

TU_API struct tu_str tu_kb_alias(const struct tu_kb *kb, uint32_t advisory, uint32_t n);
TU_API struct tu_str tu_kb_related(const struct tu_kb *kb, uint32_t advisory, uint32_t n);
TU_API struct tu_str tu_kb_cwe(const struct tu_kb *kb, uint32_t advisory, uint32_t n);
TU_API struct tu_score tu_kb_score(const struct tu_kb *kb, uint32_t advisory, uint32_t n);
TU_API struct tu_reference tu_kb_reference(const struct tu_kb *kb, uint32_t advisory, uint32_t n);

/* An affected package or product: what a record says about versions. */
struct tu_kb_entry {
	bool is_package;
	uint32_t vulnerability;
	uint32_t advisory;
	/* a package */
	struct tu_str type, namespace_, name, distro, module;
	/* a product */
	struct tu_str vendor, product; /* as CPE attributes */
	struct tu_str cpe; /* the whole name where more than vendor, product and version
			      is stated, else empty */
	struct tu_str files; /* source files at fault, separated by spaces */
	char part; /* 'a', 'o', 'h' or '*' */
	bool vulnerable;
	bool from_text;
	uint32_t configuration; /* TU_KB_NONE: not part of one */
	uint32_t node;
	/* both */
	enum tu_scheme scheme;
	enum tu_coverage otherwise;
	struct tu_str fixed;
	uint32_t spans;
};
/* Entries count from 0 to info.entries; packages first. */
TU_API struct tu_kb_entry tu_kb_entry(const struct tu_kb *kb, uint32_t entry);
TU_API struct tu_span tu_kb_span(const struct tu_kb *kb, uint32_t entry, uint32_t n);

/* Releases and the end of their support: from 0 to info.lifecycles, sorted by product. */
TU_API struct tu_support_cycle tu_kb_lifecycle(const struct tu_kb *kb, uint32_t index);
/* The release of `product`, by its name at endoflife.date, that `version` belongs to, or
 * TU_KB_NONE. */
TU_API uint32_t tu_kb_find_lifecycle(
	const struct tu_kb *kb, struct tu_str product, struct tu_str version);

TU_END_C

/* ---- comparing two ---- */

/* What is different about a vulnerability; bits. */
enum tu_kb_difference {
	TU_KB_APPLIES = 1, /* what is affected: ranges, products, packages, withdrawal */
	TU_KB_WEIGHT = 2, /* scores, KEV, SSVC */
	TU_KB_WORDS = 4, /* titles, dates, references, CWEs, aliases */
	TU_KB_EPSS = 8
};

struct tu_kb_change {
	uint32_t old_index; /* TU_KB_NONE: it is new */
	uint32_t new_index; /* TU_KB_NONE: it is gone */
	unsigned differences; /* of enum tu_kb_difference; all but EPSS when new or gone */
};

/* A package or product with entries of a vulnerability whose applicability changed. */
struct tu_kb_key {
	bool is_package;
	struct tu_str type, namespace_, name; /* a package */
	struct tu_str vendor, product; /* a product */
};

struct tu_kb_diff {
	const struct tu_kb_change *changes; /* by id */
	size_t change_count;
	const struct tu_kb_key *keys; /* each once; from both knowledge bases */
	size_t key_count;
	size_t applies; /* changes with TU_KB_APPLIES */
};

/* What changed from one knowledge base to another, both verified. The result lives in the arena and
 * borrows from both. Cost: one pass over all entries of each. Curated names are not compared: the
 * same program gives the same names. TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_kb_compare(struct tu_arena *arena, const struct tu_kb *old_kb,
	const struct tu_kb *new_kb, const struct tu_kb_diff **out_diff, struct tu_error *err);

#endif
