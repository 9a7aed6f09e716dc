/*
 * Writing statements: what the formats share.
 */
#ifndef TU_VEX_ISSUE_H
#define TU_VEX_ISSUE_H

#include <tutela/vex.h>

#include "base/json.h"
#include "base/json_writer.h"

struct tu_issue_writer {
	const struct tu_issue *issue;
	struct tu_sink *sink;
	struct tu_buf *out; /* of the sink */
	struct tu_json_writer json;
	struct tu_json previous; /* root of the document that is replaced, or absent */
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
/* Lower case, runs of anything but letters and digits to one hyphen, none at the ends. */
void tu_issue_slug(struct tu_str text, struct tu_buf *out);
/* The product's purl, or one of type generic that is made of publisher, family and version. */
void tu_issue_purl(
	const struct tu_issue *issue, const struct tu_issue_product *product, struct tu_buf *out);
/* A UUID of version 8 from SHA-256 of a text, "urn:uuid:" before it. False: no memory. */
bool tu_issue_uuid(struct tu_str text, struct tu_buf *out);
/* Append impact and note, a blank between them. */
void tu_issue_detail(struct tu_str impact, struct tu_str note, struct tu_buf *out);
void tu_issue_member_detail(struct tu_issue_writer *w, const char *key, struct tu_str impact,
	struct tu_str note); /* absent when both are empty */
/* "openssl 1.1.1k". */
void tu_issue_component(const struct tu_issue_entry *entry, struct tu_buf *out);

#endif
