/*
 * Statements of one's own: OpenVEX, CycloneDX VEX, CSAF and the notice to customers, written from
 * what was decided.
 *
 * Who reads a statement has to find the product and the component in it by what *their* SBOM calls
 * them: identifiers here are those of the release's SBOM. A statement that clears is about exactly
 * the components that were decided on; with nothing to name them by it is not written.
 *
 * Ownership: everything is borrowed. Absent texts are empty. Threads: pure functions.
 */
#ifndef TUTELA_ISSUE_H
#define TUTELA_ISSUE_H

#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/claim.h>
#include <tutela/error.h>
#include <tutela/sink.h>
#include <tutela/str.h>

TU_BEGIN_C

/* A release of a device as a product, in one of its variants. */
struct tu_issue_product {
	struct tu_str variant; /* name; the family's where there are no variants */
	struct tu_str version;
	struct tu_str udi_di; /* the device identifier */
	struct tu_str model;
	struct tu_str purl, cpe; /* the maker's, else of the subject of the release's SBOM */
	struct tu_str link; /* "urn:cdx:…": the subject of the release's SBOM */
};

/* A component in the software of a product. Identifiers are those by which it is known in the
 * product's SBOM and that no component has that is not meant. */
struct tu_issue_part {
	struct tu_str name, version; /* in words */
	struct tu_str purl, cpe;
	struct tu_hash_value hash; /* where it has neither purl nor CPE */
	struct tu_str link; /* "urn:cdx:…": it alone, in this version of the SBOM */
};

enum tu_issue_fix {
	TU_ISSUE_FIX_PLANNED, /* not released yet */
	TU_ISSUE_FIX_RELEASED, /* released, and known to be fixed */
	TU_ISSUE_FIX_UNSHOWN /* released, but not known to be fixed */
};

/* What is said of some products in view of one vulnerability in some components. */
struct tu_issue_entry {
	struct tu_str vulnerability;
	const struct tu_str *aliases;
	size_t alias_count;
	struct tu_str source; /* whose record it is, where the id does not say: "SNYK" */
	struct tu_str title; /* of the vulnerability */
	struct tu_str cwe; /* "CWE-79" */
	const uint32_t *products; /* indexes; at least one; all of one release */
	size_t product_count;
	/* The components that are meant; none: `component` is what it is called in words. */
	const struct tu_issue_part *parts;
	size_t part_count;
	struct tu_str component, component_version;
	bool whole; /* the products themselves are meant, not a part of them */
	enum tu_claim_status status;
	struct tu_str justification; /* one of the five words of OpenVEX and CSAF */
	struct tu_str impact; /* why it is not affected; or what it does when it is */
	struct tu_str remedy; /* CSAF's category */
	struct tu_str action;
	struct tu_str url; /* of the fix */
	struct tu_str fix_version; /* the release that has or will have the fix */
	enum tu_issue_fix fix; /* what is known of it */
	int64_t due; /* of the fix; 0: not stated */
	const struct tu_str *controls; /* compensating controls, a sentence each */
	size_t control_count;
	struct tu_str vector; /* CVSS 3.x */
	struct tu_str note; /* where the statement comes from */
	int64_t decided_at;
	struct tu_str file; /* of the decision, for messages */
};

struct tu_issue {
	struct tu_str publisher, namespace_, contact; /* namespace: a URL */
	struct tu_str family;
	const struct tu_issue_product *products;
	size_t product_count;
	const struct tu_issue_entry *entries;
	size_t entry_count;
	struct tu_str id; /* of the document; the previous one's counts when there is one */
	struct tu_str title;
	struct tu_str tlp; /* "WHITE", "GREEN", "AMBER", "RED" */
	struct tu_str summary; /* of this revision */
	struct tu_str generator; /* "tutela 0.1.0" */
	int64_t at; /* when it is written: equal input gives equal bytes */
	struct tu_str previous; /* text of the document that it replaces, or empty */
	/* Versions of the previous document's history whose summaries are not for whoever gets this
	 * one. CSAF wants every version in the history (6.1.21): the words alone are left out. */
	const struct tu_str *withheld;
	size_t withheld_count;
};

enum tu_issue_format {
	TU_ISSUE_OPENVEX,
	TU_ISSUE_CYCLONEDX,
	TU_ISSUE_CSAF_VEX,
	TU_ISSUE_CSAF_ADVISORY,
	TU_ISSUE_NOTICE_HTML,
	TU_ISSUE_NOTICE_TEXT,
	TU_ISSUE_FORMATS
};

/* "openvex", "cyclonedx", "csaf-vex", "csaf-advisory", "notice-html", "notice-text". */
TU_API const char *tu_issue_format_name(enum tu_issue_format format);
TU_API bool tu_issue_format_by_name(struct tu_str name, enum tu_issue_format *out_format);

/* Whether the format can name the component: CycloneDX by a BOM-Link alone (its own list of
 * components would speak of them in everybody's products), OpenVEX and CSAF by any identifier,
 * notices in words. */
TU_API bool tu_issue_names(enum tu_issue_format format, const struct tu_issue_part *part);
/* How many of the entry's components the format can name. */
TU_API size_t tu_issue_named(enum tu_issue_format format, const struct tu_issue_entry *entry);
/* A notice to customers. */
TU_API bool tu_issue_is_notice(enum tu_issue_format format);
/* What is written of an entry: nothing, when it clears and no component of it can be named. An
 * affected product is affected by whichever part: it is written about the product as a whole. */
TU_API bool tu_issue_writes(enum tu_issue_format format, const struct tu_issue_entry *entry);
/* Why the entry cannot be stated in any format, or NULL: static storage. */
TU_API const char *tu_issue_fault(const struct tu_issue_entry *entry);

/* Write the document; nothing leaves the sink when it fails. Errors: TU_E_USAGE when there is
 * nothing to state, when an entry has a fault (the message names the vulnerability), or when the
 * format needs the maker's namespace and it is no URL; TU_E_SYNTAX when `previous` is not a
 * document of the format; TU_E_NOMEM; the failure of the sink.
 */
TU_API TU_NODISCARD enum tu_status tu_issue_write(const struct tu_issue *issue,
	enum tu_issue_format format, struct tu_sink *sink, struct tu_error *err);

TU_END_C

#endif
