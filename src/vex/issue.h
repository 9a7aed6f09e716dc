/*
 * Writing statements: what the formats share.
 */
#ifndef TU_VEX_ISSUE_H
#define TU_VEX_ISSUE_H

#include <tutela/issue.h>

#include "base/json.h"
#include "base/json_writer.h"

struct tu_issue_writer {
	const struct tu_issue *issue;
	struct tu_sink *sink;
	struct tu_buf *out; /* of the sink */
	struct tu_json_writer json;
	struct tu_json previous; /* root of the document that is replaced, or absent */
	enum tu_issue_format format;
	struct tu_error *err;
};

enum tu_status tu_issue_openvex(struct tu_issue_writer *w);
enum tu_status tu_issue_cyclonedx(struct tu_issue_writer *w);
enum tu_status tu_issue_csaf_vex(struct tu_issue_writer *w);
enum tu_status tu_issue_csaf_advisory(struct tu_issue_writer *w);
enum tu_status tu_issue_notice_html(struct tu_issue_writer *w);
enum tu_status tu_issue_notice_text(struct tu_issue_writer *w);

/* Append RFC 3339. */
void tu_issue_time(int64_t seconds, struct tu_buf *out);
void tu_issue_member_time(struct tu_issue_writer *w, const char *key, int64_t seconds);
/* A member whose text is printed; cut at 4 KiB. */
void tu_issue_member_fmt(struct tu_issue_writer *w, const char *key, const char *fmt, ...)
	TU_PRINTF(3, 4);
/* The product's purl; else, where no BOM-Link names it either, one of type generic that is made of
 * publisher, family and version: percent-encoded, so that names of any script stay apart. Empty:
 * the link is all that names it. */
void tu_issue_purl(
	const struct tu_issue *issue, const struct tu_issue_product *product, struct tu_buf *out);
/* "IP-200:4.3.1": variant and version, percent-encoded, so that no two products have the same. */
void tu_issue_product_id(const struct tu_issue_product *product, struct tu_buf *out);
/* The words for the algorithm of a hash that statements can have; NULL for any other. */
struct tu_issue_hash {
	const char *openvex, *csaf;
};
const struct tu_issue_hash *tu_issue_hash_words(const struct tu_hash_value *hash);
/* The maker's namespace and the document's id as an IRI. */
void tu_issue_iri(const struct tu_issue *issue, struct tu_buf *out);
/* TU_E_USAGE unless the maker's namespace is a URL. */
enum tu_status tu_issue_need_namespace(const struct tu_issue_writer *w, const char *format);
/* A UUID of version 8 from SHA-256 of a text, "urn:uuid:" before it. False: no memory. */
bool tu_issue_uuid(struct tu_str text, struct tu_buf *out);
/* Append impact and note, a blank between them. */
void tu_issue_detail(struct tu_str impact, struct tu_str note, struct tu_buf *out);
void tu_issue_member_detail(struct tu_issue_writer *w, const char *key, struct tu_str impact,
	struct tu_str note); /* absent when both are empty */
/* "openssl 1.1.1k", "qtbase 5.15, qtdeclarative 5.15 and 3 more". */
void tu_issue_component(const struct tu_issue_entry *entry, struct tu_buf *out);

#endif
