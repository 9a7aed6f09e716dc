/*
 * The readers from within: what the readers of the single forms share.
 *
 * A reader walks one record at a time. It gathers what it understands in the draft, whose lists are
 * kept from record to record; texts borrow from the JSON document; what must be composed, and the
 * keys of versions, lives in an arena that is reset between records. Functions that return bool
 * say false when memory is out and only then: what is not understood goes to tu_advisory__problem()
 * and the reading goes on.
 */
#ifndef TU_ADVISORY_READER_H
#define TU_ADVISORY_READER_H

#include <tutela/advisory.h>
#include <tutela/arena.h>
#include <tutela/buf.h>

#include "base/json.h"
#include "base/text_set.h"
#include "base/vec.h"

/* Limits of one record; what lies beyond is reported once and left out. */
enum {
	ADV_ID_MAX = 256, /* bytes, as the next ones */
	ADV_NAME_MAX = 1024,
	ADV_URL_MAX = 8192,
	ADV_TEXT_MAX = 4096, /* vectors, dates, words */
	ADV_TITLE_MAX = 200,
	ADV_IDS_MAX = 10000, /* items of a list, as the next ones */
	ADV_SCORES_MAX = 1000,
	ADV_REFERENCES_MAX = 10000,
	ADV_PACKAGES_MAX = 200000,
	ADV_PRODUCTS_MAX = 200000,
	ADV_SPANS_MAX = 200000 /* of one package or product */
};

/* The advisory that is being put together; tu_advisory__emit() hands it on. */
struct adv_draft {
	struct tu_advisory advisory;
	TU_VEC(struct tu_str) aliases;
	TU_VEC(struct tu_str) related;
	TU_VEC(struct tu_str) cwes;
	struct tu_text_set cwes_seen; /* in the arena of the record */
	TU_VEC(struct tu_score) scores;
	TU_VEC(struct tu_reference) references;
	TU_VEC(struct tu_affected_package) packages;
	TU_VEC(struct tu_affected_product) products;
	TU_VEC(struct tu_span) spans; /* of the package or product at hand */
};

struct adv_ecosystem;

struct tu_advisory_reader {
	struct tu_json_parser *parser;
	struct tu_arena *arena; /* of one record */
	struct tu_buf key; /* scratch: the key of a version */
	struct tu_buf text; /* scratch: a text that is being composed */
	struct tu_buf where; /* scratch: the place of a problem */
	struct tu_buf frame; /* scratch: a feed without its records */
	struct tu_buf json; /* a document that is YAML, as JSON */
	struct adv_draft draft;
	/* the reading at hand */
	const struct tu_advisory_sink *sink;
	struct tu_feed_summary *summary;
	struct tu_error *err;
	struct tu_json record;
	struct tu_str id; /* of the record, for problems */
	size_t refused; /* allocations when it began: base/alloc.h */
	size_t line; /* of the record in JSON lines or CSV; 0: none */
	size_t item; /* of the record in the array of a feed, from 1; 0: none */
	int64_t released; /* of the feed; 0: not stated */
	struct tu_bound last_bound; /* of the record: many of its ranges end alike */
	enum tu_scheme last_scheme;
	struct tu_str last_ecosystem_name; /* of the record, as the next two */
	const struct adv_ecosystem *last_ecosystem;
	struct tu_str last_distro;
	size_t places; /* asked for by problems of the record */
	uint32_t over; /* lists of the record that reached their limit, one bit each */
};

/* ---- draft.c: putting a record together ---- */

/* Forget the record before and begin a new one. `id` is what problems name it by. */
void tu_advisory__begin_record(
	struct tu_advisory_reader *r, struct tu_json record, struct tu_str id, size_t line);
/* An empty draft about the record at hand. */
void tu_advisory__begin(struct tu_advisory_reader *r, enum tu_source source);
/* Hand the draft to the sink. */
TU_NODISCARD enum tu_status tu_advisory__emit(struct tu_advisory_reader *r);
/* Report that `at` (absent: the record as a whole) was not understood. */
void tu_advisory__problem(struct tu_advisory_reader *r, struct tu_json at, const char *fmt, ...)
	TU_PRINTF(3, 4);
/* The same, and count the record as left out. */
void tu_advisory__skip(struct tu_advisory_reader *r, struct tu_json at, const char *fmt, ...)
	TU_PRINTF(3, 4);
enum tu_status tu_advisory__no_memory(struct tu_advisory_reader *r);

enum adv_list {
	ADV_ALIASES,
	ADV_RELATED,
	ADV_CWES,
	ADV_SCORES,
	ADV_REFERENCES,
	ADV_PACKAGES,
	ADV_PRODUCTS,
	ADV_SPANS
};

/* Each appends to a list of the draft; over the list's limit a problem is reported once and nothing
 * appended. Texts that are empty or too long are reported or left out. */
bool tu_advisory__add_alias(struct tu_advisory_reader *r, struct tu_json id);
bool tu_advisory__add_related(struct tu_advisory_reader *r, struct tu_json id);
/* Takes "CWE-79" and "CWE-79 Cross-site …", once each; leaves out other words. */
bool tu_advisory__add_cwe(struct tu_advisory_reader *r, struct tu_str text);
bool tu_advisory__add_score(struct tu_advisory_reader *r, struct tu_score score);
/* Does the draft have a score with this vector and word? */
bool tu_advisory__has_score(const struct tu_advisory_reader *r, const struct tu_score *score);
bool tu_advisory__add_reference(
	struct tu_advisory_reader *r, struct tu_json url, struct tu_str tags);
bool tu_advisory__add_reference_text(struct tu_advisory_reader *r, struct tu_reference reference);
bool tu_advisory__add_package(
	struct tu_advisory_reader *r, const struct tu_affected_package *package);
bool tu_advisory__add_product(
	struct tu_advisory_reader *r, const struct tu_affected_product *product);
bool tu_advisory__add_span(struct tu_advisory_reader *r, const struct tu_span *span);
/* Copy the draft's spans into the arena for a package or product, and empty them. */
bool tu_advisory__take_spans(struct tu_advisory_reader *r, struct tu_versions *versions);

/* A CVSS object with "vectorString", "baseScore", "baseSeverity" as CVE 5 and NVD write it. */
bool tu_advisory__add_cvss(struct tu_advisory_reader *r, enum tu_cvss_version version,
	struct tu_json cvss, struct tu_str severity, struct tu_str scorer);
/* "CVSS:3.1/AV:…" says its version; a vector without prefix is of version 2. */
enum tu_cvss_version tu_advisory__cvss_version(struct tu_str vector);

/* Tags as an array of words: lower case, "Vendor Advisory" becomes "vendor-advisory", those that
 * start with `but` left out. */
bool tu_advisory__join_tags(struct tu_advisory_reader *r, struct tu_json tags, struct tu_str but,
	struct tu_str *out_tags);

/* ---- text.c: values ---- */

/* The text of a string of at most `max` bytes; empty where absent, null, or (a problem) of another
 * type or longer. */
struct tu_str tu_advisory__text(struct tu_advisory_reader *r, struct tu_json value, size_t max);
/* An instant; 0 where absent or (a problem) not a date. */
int64_t tu_advisory__time(struct tu_advisory_reader *r, struct tu_json value);
/* The first sentence on one line, at most ADV_TITLE_MAX bytes. */
struct tu_str tu_advisory__title(struct tu_str text);
/* The text in English of a list of {lang, value}: "en", "en-US", "eng". */
struct tu_str tu_advisory__english(struct tu_json descriptions);
/* What the opening of a description says of the state: "** DISPUTED **". */
enum tu_advisory_state tu_advisory__nvd_state(struct tu_str description);
bool tu_advisory__is_cve_id(struct tu_str id);
/* Printable, not empty, not longer than ADV_ID_MAX. */
bool tu_advisory__is_id(struct tu_str id);
bool tu_advisory__lower(struct tu_advisory_reader *r, struct tu_str text, struct tu_str *out_lower);
bool tu_advisory__copy_text(struct tu_advisory_reader *r, struct tu_str *out_copy); /* of r->text */

/* ---- versions.c ---- */

/* One end of an interval, its text borrowed, its key compiled into the arena. A text of more than
 * TU_VERSION_MAX bytes must have been refused before. */
bool tu_advisory__bound(struct tu_advisory_reader *r, enum tu_scheme scheme, struct tu_str text,
	bool inclusive, struct tu_bound *out_bound);
/* The text of a version; as tu_advisory__text(). */
struct tu_str tu_advisory__version(struct tu_advisory_reader *r, struct tu_json value);
/* Exactly one version. */
bool tu_advisory__single(struct tu_advisory_reader *r, enum tu_scheme scheme, struct tu_str version,
	struct tu_interval *out_interval);
/* Does the interval hold the version whose bound this is? Both have keys or equal texts. */
bool tu_advisory__interval_holds(
	const struct tu_interval *interval, const struct tu_bound *version);
/* Take spans that are not affected out of affected ones around them: the narrower statement
 * contains. */
bool tu_advisory__settle_spans(struct tu_advisory_reader *r);

/* ---- cpe_name.c ---- */

/* A CPE name; borrows from `text` where that is canonical already. TU_E_SYNTAX or TU_E_LIMIT: not
 * one; TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_advisory__cpe(
	struct tu_advisory_reader *r, struct tu_str text, struct tu_cpe *out_cpe);
/* Does the name state both vendor and product? One that does not matches nothing. */
bool tu_advisory__names_product(const struct tu_cpe *cpe);
void tu_advisory__cpe_any(struct tu_cpe *cpe);

/* ---- nvd_node.c: configurations, shared by NVD's two forms and CVE 5 ---- */

/* Configurations of the 2.0 form: [{operator, negate, nodes: [{operator, negate, cpeMatch}]}]. */
bool tu_advisory__nvd2_configurations(
	struct tu_advisory_reader *r, struct tu_json configurations, uint32_t first);
/* Nodes of the 1.1 form: [{operator, negate, children, cpe_match}]. */
bool tu_advisory__nvd11_configurations(struct tu_advisory_reader *r, struct tu_json nodes);

/* ---- osv_ecosystems.c ---- */

enum adv_name_form {
	ADV_NAME_PLAIN,
	ADV_NAME_PATH, /* namespace up to the last '/' */
	ADV_NAME_SCOPE, /* "@scope/name" */
	ADV_NAME_COLON, /* "group:artifact" */
	ADV_NAME_DOT, /* "publisher.name" */
	ADV_NAME_URL, /* "https://host/owner/name" */
	ADV_NAME_PEP503,
	ADV_NAME_KERNEL, /* not a package: the product linux:linux_kernel */
};

enum adv_release_form {
	ADV_RELEASE_NONE, /* the suffix says nothing of a release */
	ADV_RELEASE_PLAIN, /* "9" */
	ADV_RELEASE_V, /* "v3.18" */
	ADV_RELEASE_UBUNTU, /* "22.04:LTS", "Pro:18.04:LTS" */
	ADV_RELEASE_CPE, /* "enterprise_linux:9::appstream" */
	ADV_RELEASE_SUSE, /* "Linux Enterprise Server 15 SP4", "Leap 15.4" */
};

struct adv_ecosystem {
	struct tu_str name; /* as OSV writes it, without the suffix */
	struct tu_str type; /* purl type */
	struct tu_str namespace_; /* purl namespace that it implies */
	enum adv_name_form form;
	enum adv_release_form release;
	struct tu_str distro; /* "debian": the release follows after a hyphen */
	enum tu_scheme scheme; /* TU_SCHEME_NONE: that of the purl type */
};

/* The row of an ecosystem name such as "Debian:11"; NULL: not known. `*out_release`: the suffix. */
const struct adv_ecosystem *tu_advisory__ecosystem_find(
	struct tu_str ecosystem, struct tu_str *out_release);
/* "debian-11"; empty where no release is stated. */
bool tu_advisory__ecosystem_distro(struct tu_advisory_reader *r,
	const struct adv_ecosystem *ecosystem, struct tu_str release, struct tu_str *out_distro);
/* The release that a system's CPE name means: "enterprise_linux" 8 is "rhel-8", "openshift" 4.12 is
 * "openshift-4.12". As it was where the name states no version. */
bool tu_advisory__cpe_distro(
	struct tu_advisory_reader *r, const struct tu_cpe *cpe, struct tu_str *out_distro);
/* Fill type, namespace and name of `*package` from a name of the ecosystem. `*out_fine` false: the
 * name is not one of the type. */
bool tu_advisory__ecosystem_name(struct tu_advisory_reader *r,
	const struct adv_ecosystem *ecosystem, struct tu_str name,
	struct tu_affected_package *package, bool *out_fine);
/* The same from the purl that an OSV package has, where its ecosystem and name do not name it:
 * Julia's packages have a UUID there, and an ecosystem may be newer than this program. A
 * distribution's package says its release by the ecosystem alone: not fine. */
bool tu_advisory__purl_name(struct tu_advisory_reader *r, struct tu_json package_object,
	struct tu_affected_package *package, bool *out_fine);
/* A row of the table by purl type, for those who name packages by other means. */
const struct adv_ecosystem *tu_advisory__ecosystem_of_type(struct tu_str type);
enum tu_scheme tu_advisory__ecosystem_scheme(const struct adv_ecosystem *ecosystem);

/* ---- record.c ---- */

/* Read one record of any form. `*out_known` false: it has none. */
TU_NODISCARD enum tu_status tu_advisory__read_record(
	struct tu_advisory_reader *r, struct tu_json record, size_t line, bool *out_known);

/* ---- one a form: read one record ---- */

TU_NODISCARD enum tu_status tu_advisory__cve5(
	struct tu_advisory_reader *r, struct tu_json record, size_t line);
TU_NODISCARD enum tu_status tu_advisory__nvd2(
	struct tu_advisory_reader *r, struct tu_json record, size_t line);
TU_NODISCARD enum tu_status tu_advisory__nvd11(
	struct tu_advisory_reader *r, struct tu_json record, size_t line);
TU_NODISCARD enum tu_status tu_advisory__osv(
	struct tu_advisory_reader *r, struct tu_json record, size_t line);
TU_NODISCARD enum tu_status tu_advisory__kev(
	struct tu_advisory_reader *r, struct tu_json record, size_t line);
TU_NODISCARD enum tu_status tu_advisory__csaf(
	struct tu_advisory_reader *r, struct tu_json record, size_t line);
TU_NODISCARD enum tu_status tu_advisory__debian(
	struct tu_advisory_reader *r, struct tu_json record, size_t line);
TU_NODISCARD enum tu_status tu_advisory__secdb(
	struct tu_advisory_reader *r, struct tu_json record, size_t line);
TU_NODISCARD enum tu_status tu_advisory__rubysec(
	struct tu_advisory_reader *r, struct tu_json record, size_t line);
TU_NODISCARD enum tu_status tu_advisory__friendsofphp(
	struct tu_advisory_reader *r, struct tu_json record, size_t line);
/* An entry of VulnCheck's catalogue, which names several CVEs. */
TU_NODISCARD enum tu_status tu_advisory__kev_list(
	struct tu_advisory_reader *r, struct tu_json record, size_t line);
/* An assertion of GCVE-BCP-07. */
TU_NODISCARD enum tu_status tu_advisory__kev_gcve(
	struct tu_advisory_reader *r, struct tu_json record, size_t line);
/* An entry of the EUVD's dump: an assertion for each catalogue that it names. */
TU_NODISCARD enum tu_status tu_advisory__kev_euvd(
	struct tu_advisory_reader *r, struct tu_json record, size_t line);
TU_NODISCARD enum tu_status tu_advisory__endoflife(
	struct tu_advisory_reader *r, struct tu_json record, size_t line);
/* The whole text. */
TU_NODISCARD enum tu_status tu_advisory__epss(struct tu_advisory_reader *r, struct tu_str text);

#endif
