/*
 * Advisories: one record of one source, in one model.
 *
 * Readers turn a source's document into `struct tu_advisory` values and hand them to a sink one by
 * one, so that a feed of any size passes through bounded memory. Facts are kept as the source
 * states them; merging by alias and judging which source decides is the knowledge base's and the
 * matcher's work.
 *
 * Ownership: an advisory and all that it points to is valid only during the sink's call.
 */
#ifndef TUTELA_ADVISORY_H
#define TUTELA_ADVISORY_H

#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/cpe.h>
#include <tutela/error.h>
#include <tutela/range.h>
#include <tutela/str.h>
#include <tutela/version.h>

TU_BEGIN_C

/* Who states it. Stored in knowledge bases: never renumber, only append. */
enum tu_source {
	TU_SOURCE_UNKNOWN = 0,
	TU_SOURCE_CVE = 1, /* CVE record, CNA container */
	TU_SOURCE_CVE_ADP = 2, /* CVE record, an ADP container (CISA's vulnrichment, …) */
	TU_SOURCE_NVD = 3,
	TU_SOURCE_OSV = 4, /* OSV form; the database is in tu_advisory.database */
	TU_SOURCE_KEV = 5,
	TU_SOURCE_EPSS = 6,
	TU_SOURCE_CSAF = 7, /* a CSAF document; publisher and tracking id in .database */
	TU_SOURCE_DEBIAN = 8, /* Debian's security tracker; the package in .database */
	TU_SOURCE_SECDB = 9, /* Alpine's secdb and those of its form */
	TU_SOURCE_RUBYSEC = 10,
	TU_SOURCE_FRIENDSOFPHP = 11,
};

enum tu_advisory_state {
	TU_ADVISORY_PUBLISHED = 0,
	TU_ADVISORY_WITHDRAWN, /* OSV withdrawn */
	TU_ADVISORY_REJECTED, /* CVE REJECTED */
	TU_ADVISORY_DISPUTED,
	TU_ADVISORY_RESERVED
};

enum tu_cvss_version { TU_CVSS_NONE = 0, TU_CVSS_2, TU_CVSS_3_0, TU_CVSS_3_1, TU_CVSS_4_0 };

struct tu_score {
	enum tu_cvss_version version;
	uint8_t base_tenths; /* base score * 10; 0xff: not stated */
	struct tu_str vector; /* may be empty when only a severity word is stated */
	struct tu_str severity; /* the source's word, may be empty */
	struct tu_str scorer; /* who scored: "nvd@nist.gov", a CNA's short name, … */
};

struct tu_reference {
	struct tu_str url;
	struct tu_str tags; /* comma-separated, lower case: "patch,vendor-advisory,exploit" */
};

/* CISA's SSVC decision points as published in ADP containers; empty: not stated. */
struct tu_ssvc {
	struct tu_str exploitation; /* none | poc | active */
	struct tu_str automatable; /* yes | no */
	struct tu_str technical_impact; /* partial | total */
};

struct tu_kev {
	struct tu_str date_added; /* 2024-01-31 */
	struct tu_str due_date;
	bool ransomware; /* knownRansomwareCampaignUse is "Known" */
};

/* What an interval or an entry says of the versions it covers. */
enum tu_coverage { TU_COVERAGE_UNKNOWN = 0, TU_COVERAGE_AFFECTED = 1, TU_COVERAGE_UNAFFECTED = 2 };

struct tu_span {
	enum tu_coverage coverage;
	struct tu_interval interval;
};

/*
 * Versions of one package or product that are affected. A version takes the coverage of the span
 * that it lies in; where several do, unaffected spans win over affected ones only if the narrower
 * rule of the source says so: readers emit spans that do not contradict each other. Outside all
 * spans `otherwise` applies.
 */
struct tu_versions {
	enum tu_scheme scheme;
	enum tu_coverage otherwise; /* OSV, NVD: unaffected; CVE 5: defaultStatus */
	const struct tu_span *spans;
	size_t count;
	struct tu_str fixed; /* the first fixed version that the source names, may be empty */
};

/* A package of an ecosystem. */
struct tu_affected_package {
	struct tu_str type; /* purl type: "npm", "pypi", "deb", "apk", "rpm", "golang", … */
	struct tu_str namespace_; /* purl namespace, normalised as the type wants */
	struct tu_str name;
	struct tu_str
		distro; /* "debian-11", "alpine-3.18", "almalinux-9", "" where none is stated */
	struct tu_versions versions;
	struct tu_str module; /* Go: import paths; Debian: its word for an open one ("no-dsa") */
};

/*
 * A product by CPE. `cpe` contains the criteria; its version attribute is ANY where `versions` has
 * spans, otherwise it is the one affected version.
 */
struct tu_affected_product {
	struct tu_cpe cpe;
	struct tu_versions versions;
	uint32_t
		configuration; /* which configuration it belongs to; those of a CVE record have 0 */
	uint32_t node; /* AND-ed node within the configuration */
	bool vulnerable; /* false: only the platform that the vulnerable one runs on */
	bool negate; /* of its node */
	bool from_text; /* vendor and product are a record's plain words, not CPE names */
	struct tu_str files; /* source files at fault, separated by spaces; may be empty */
};

struct tu_advisory {
	enum tu_source source;
	struct tu_str id; /* "CVE-2021-44228", "GHSA-…", "PYSEC-…" */
	struct tu_str database; /* OSV: "GHSA", "PYSEC", "GO", …; CVE: the container's provider */
	enum tu_advisory_state state;
	int64_t published; /* seconds since 1970, 0: not stated */
	int64_t modified;
	int64_t withdrawn;
	int64_t released; /* of the catalogue that contains it, 0: not stated; the entry of the
			     latest counts */
	struct tu_str title; /* one line; first sentence of the description where there is none */
	const struct tu_str *aliases; /* the same vulnerability elsewhere */
	size_t alias_count;
	const struct tu_str *related; /* similar or upstream: not the same, never merged */
	size_t related_count;
	const struct tu_str *cwes; /* "CWE-787" */
	size_t cwe_count;
	const struct tu_score *scores;
	size_t score_count;
	const struct tu_reference *references;
	size_t reference_count;
	const struct tu_affected_package *packages;
	size_t package_count;
	const struct tu_affected_product *products;
	size_t product_count;
	struct tu_ssvc ssvc;
	bool has_kev;
	struct tu_kev kev;
	float epss_score; /* 0 to 1, negative: not stated */
	float epss_percentile;
};

/* The form of a document, found by its content. */
enum tu_feed_form {
	TU_FEED_UNKNOWN,
	TU_FEED_CVE5,
	TU_FEED_NVD2,
	TU_FEED_NVD11,
	TU_FEED_OSV,
	TU_FEED_KEV,
	TU_FEED_EPSS,
	TU_FEED_CSAF,
	TU_FEED_DEBIAN,
	TU_FEED_SECDB,
	TU_FEED_RUBYSEC,
	TU_FEED_FRIENDSOFPHP,
	TU_FEED_ENDOFLIFE,
	TU_FEED_COUNT_
};

/* When support of a release of a product ends, by endoflife.date. Dates ("2028-06-30") are empty
 * where none is stated. */
struct tu_support_cycle {
	struct tu_str product; /* "debian", "openssl" */
	struct tu_str cpe; /* of the product, may be empty */
	struct tu_str cycle; /* "12", "3.0" */
	struct tu_str released;
	struct tu_str support; /* active support ends */
	struct tu_str eol; /* security fixes end */
	struct tu_str extended; /* paid extended fixes end */
	bool ended; /* it is over, whether or not a date is stated */
};

struct tu_advisory_sink {
	/* One advisory; another status than TU_OK ends the reading and is its result. */
	enum tu_status (*advisory)(
		void *context, const struct tu_advisory *advisory, struct tu_error *err);
	/* A record, or part of one, that was not understood. `where`: record id and JSON pointer.
	 */
	void (*problem)(void *context, struct tu_str where, struct tu_str what);
	void *context;
	/* A release and the end of its support. May be NULL: then they are only counted. */
	enum tu_status (*lifecycle)(
		void *context, const struct tu_support_cycle *lifecycle, struct tu_error *err);
};

/* What a document does not state. */
#define TU_FEED_NOT_STATED SIZE_MAX

struct tu_feed_summary {
	enum tu_feed_form form; /* of the last document */
	size_t entries; /* in the list of the last document, understood or not */
	size_t stated; /* that the last document says it has; TU_FEED_NOT_STATED */
	int64_t released; /* when its maker issued the last document; 0: not stated */
	size_t records; /* read and handed on */
	size_t skipped; /* reported to `problem` and left out */
	size_t problems; /* all calls of `problem` */
};

struct tu_advisory_reader;

/* A reader is reused for many documents. NULL when out of memory. */
TU_API TU_NODISCARD struct tu_advisory_reader *tu_advisory_reader_new(void);
TU_API void tu_advisory_reader_free(struct tu_advisory_reader *reader);

/*
 * Read one document of any form: a JSON or YAML record, an array of records, a feed object, JSON
 * lines of records, or EPSS's CSV. `name` is for messages. `text` has 64 readable bytes after it.
 * Adds to
 * `*summary`. A document as a whole that is no known form is TU_E_UNSUPPORTED, one that is not
 * parseable TU_E_SYNTAX with line and column; the records before the fault have been handed on.
 * In JSON lines a bad line is a problem, not an error.
 */
TU_API TU_NODISCARD enum tu_status tu_advisory_read(struct tu_advisory_reader *reader,
	struct tu_str name, struct tu_str text, const struct tu_advisory_sink *sink,
	struct tu_feed_summary *summary, struct tu_error *err);

/* "NVD", "CVE", "OSV", …: static storage. */
TU_API const char *tu_source_name(enum tu_source source);
TU_API const char *tu_feed_form_name(enum tu_feed_form form);
TU_API const char *tu_advisory_state_name(enum tu_advisory_state state);
/* "2.0", "3.0", "3.1", "4.0"; "" for none. */
TU_API const char *tu_cvss_version_name(enum tu_cvss_version version);

TU_END_C

#endif
