/*
 * The knowledge base file, format version 5. docs/internals/kb.md draws it.
 *
 * A header, a table of sections, the sections. All numbers are little-endian; every section starts
 * at a multiple of 64 bytes. A row refers to strings by their offset in the string section and to
 * rows of other sections by index. "first_x" is the first of the row's own rows in section x; they
 * end where the next row's begin, so such sections have one row more than the header counts.
 *
 * A vulnerability is named by its number in the order of ids (ASCII case folded, then by bytes), in
 * the file and outside; its row is where KB_PLACES says.
 */
#ifndef TU_KB_FORMAT_H
#define TU_KB_FORMAT_H

#include <stdint.h>

#include <tutela/str.h>

enum { KB_FORMAT = 5, KB_ALIGN = 64 };

#define KB_MAGIC "TUTELAKB"

enum kb_section {
	KB_STRINGS, /* bytes: LEB128 length, then that many bytes; offset 0 is the empty string */
	KB_VULNERABILITIES, /* kb_vulnerability, those of one product together */
	KB_PLACES, /* u32: number of a vulnerability in the order of ids -> its row */
	KB_RECORDS, /* u32: advisory indexes, grouped by vulnerability's row */
	KB_ADVISORIES, /* kb_advisory, in the order of their vulnerabilities' rows */
	KB_EXTRAS, /* kb_extra, each once; row 0 says nothing */
	KB_ALIASES, /* u32: strings */
	KB_RELATED, /* u32: strings */
	KB_CWES, /* u32: strings */
	KB_SCORES, /* kb_score */
	KB_REFERENCES, /* kb_reference */
	KB_IDS, /* kb_id, sorted by id, ASCII case folded */
	KB_PACKAGES, /* kb_package, sorted by type, namespace, name */
	KB_PACKAGE_SLOTS, /* u32: hash table on folded names, index + 1 into packages */
	KB_PRODUCTS, /* kb_product, sorted by product, vendor */
	KB_PRODUCT_SLOTS, /* u32: hash table on vendor and product */
	KB_NAME_SLOTS, /* u32: hash table on product: the first row with that product */
	KB_ENTRIES, /* kb_entry: those of packages, then those of products */
	KB_BODIES, /* kb_body, each once, in the order in which entries first name them */
	KB_SPAN_REFS, /* u32: span indexes, grouped by body */
	KB_SPANS, /* kb_span, each once */
	KB_CONFIGURATIONS, /* u32: first leaf; only configurations of several nodes */
	KB_LEAVES, /* u32: entry indexes, grouped by configuration */
	KB_NAMES, /* kb_name: components known by another name, sorted by name */
	KB_NAME_ALIAS_SLOTS, /* u32: hash table on name: the first row with that name */
	KB_SOURCES, /* kb_source */
	KB_LIFECYCLES, /* kb_lifecycle, sorted by product and cycle */
	KB_SECTION_COUNT
};

struct kb_section_entry {
	uint64_t offset; /* from the start of the file */
	uint64_t bytes;
	uint32_t rows;
	uint32_t row_bytes;
};

struct kb_header {
	char magic[8];
	uint32_t format;
	uint32_t sections;
	uint64_t file_bytes;
	uint8_t sha256[32]; /* of all bytes after this field */
	int64_t newest; /* the newest date that any record states */
	struct kb_section_entry section[KB_SECTION_COUNT];
};

/* What KEV adds to an advisory or a vulnerability; dates are strings. */
struct kb_kev {
	uint32_t date_added;
	uint32_t due_date;
};

enum kb_flags {
	KB_REJECTED = 1,
	KB_DISPUTED = 2,
	KB_HAS_KEV = 4,
	KB_RANSOMWARE = 8,
	KB_HAS_EPSS = 16,
	KB_HAD_KEV = 32 /* of a vulnerability: a catalogue has taken its assertion back */
};

struct kb_vulnerability {
	uint32_t id;
	uint32_t title;
	uint32_t first_record;
	uint16_t flags;
	uint8_t title_source;
	uint8_t reserved;
	uint32_t ecosystems; /* tu_kb__ecosystem_bit() of the packages that its records name */
	struct kb_kev kev;
	float epss_score;
	float epss_percentile;
};

struct kb_advisory {
	uint32_t id;
	uint32_t database;
	uint32_t title;
	uint8_t source;
	uint8_t state;
	uint16_t flags;
	uint32_t published; /* seconds since 1970; 0: not stated */
	uint32_t modified;
	uint32_t extra;
	uint32_t first_alias;
	uint32_t first_related;
	uint32_t first_cwe;
	uint32_t first_score;
	uint32_t first_reference;
};

/* What few advisories state, and those that do alike. */
struct kb_extra {
	uint32_t withdrawn; /* seconds since 1970; 0: not stated */
	uint32_t ssvc_exploitation;
	uint32_t ssvc_automatable;
	uint32_t ssvc_technical_impact;
	struct kb_kev kev;
};

struct kb_score {
	uint32_t vector;
	uint32_t severity;
	uint32_t scorer;
	uint8_t version;
	uint8_t base_tenths;
	uint16_t reserved;
};

struct kb_reference {
	uint32_t url;
	uint32_t tags;
};

struct kb_id {
	uint32_t id;
	uint32_t vulnerability; /* its number */
};

struct kb_package {
	uint32_t type;
	uint32_t namespace_;
	uint32_t name;
	uint32_t first_entry;
};

struct kb_product {
	uint32_t vendor;
	uint32_t product;
	uint32_t first_entry; /* counted from the first entry of a product */
};

enum kb_entry_flags { KB_VULNERABLE = 1, KB_FROM_TEXT = 2, KB_NEGATE = 4 };

/* An affected package or product. What is said of it is in the body: six of seven entries say
 * what another says. */
struct kb_entry {
	uint32_t vulnerability; /* its number */
	uint32_t advisory;
	uint32_t body; /* and KB_WITHDRAWN */
	uint32_t configuration; /* product only; KB_NONE: not part of one */
};

/* The record or the whole vulnerability is withdrawn or rejected: reported here too, for matching
 * asks it of every entry and would touch two more tables. */
#define KB_WITHDRAWN ((uint32_t)1 << 31)

struct kb_body {
	uint32_t first_span; /* into the span references */
	uint32_t fixed;
	uint32_t detail; /* package: distro; product: the CPE name, its version left open, where it
			    states more than vendor, product and version, else 0 */
	uint32_t module; /* package: import paths, or the word of Debian; product: source files */
	uint16_t node;
	uint8_t scheme;
	uint8_t otherwise;
	uint8_t flags;
	char part;
	uint16_t reserved;
};

#define KB_NONE UINT32_MAX

enum kb_span_flags { KB_LO_INCLUSIVE = 1, KB_HI_INCLUSIVE = 2 };

struct kb_span {
	uint32_t lo_text;
	uint32_t lo_key;
	uint32_t hi_text;
	uint32_t hi_key;
	uint8_t flags;
	uint8_t coverage;
	uint16_t reserved;
};

struct kb_name {
	uint32_t name;
	uint32_t vendor;
	uint32_t product;
	uint32_t scheme;
};

struct kb_source {
	uint32_t source;
	uint32_t database;
	uint32_t records;
	uint32_t newest;
};

/* When support of a release ends; dates are strings. */
struct kb_lifecycle {
	uint32_t product;
	uint32_t cycle;
	uint32_t cpe;
	uint32_t released;
	uint32_t support;
	uint32_t eol;
	uint32_t extended;
	uint32_t ended; /* 0 or 1 */
};

_Static_assert(sizeof(struct kb_section_entry) == 24, "file format");
_Static_assert(sizeof(struct kb_header) == 64 + KB_SECTION_COUNT * 24, "file format");
_Static_assert(sizeof(struct kb_vulnerability) == 36, "file format");
_Static_assert(sizeof(struct kb_advisory) == 48, "file format");
_Static_assert(sizeof(struct kb_score) == 16, "file format");
_Static_assert(sizeof(struct kb_extra) == 24, "file format");
_Static_assert(sizeof(struct kb_entry) == 16, "file format");
_Static_assert(sizeof(struct kb_body) == 24, "file format");
_Static_assert(sizeof(struct kb_span) == 20, "file format");
_Static_assert(
	__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "rows are mapped as they lie in the file");

/* What a hash table on several parts hashes. */
uint64_t tu_kb__hash_parts(const struct tu_str *parts, size_t count);
/* The same of type, namespace and name: names that mean one package have one hash. */
uint64_t tu_kb__hash_package(const struct tu_str parts[3]);

/* One bit for a purl type that has data of its own ("npm", "deb", …); 0 for others. */
uint32_t tu_kb__ecosystem_bit(struct tu_str type);

/* Order of ids: bytes, ASCII case folded. */
int tu_kb__id_cmp(struct tu_str a, struct tu_str b);

#endif
