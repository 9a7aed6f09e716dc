/*
 * Notices to authorities as prepared texts, field by field.
 *
 * CRA: Regulation (EU) 2024/2847, Article 14(2) and (4). MDR: Regulation (EU) 2017/745, Article 87.
 * A field has what the device, its decisions, its events and the knowledge base say. What they do
 * not say is missing, with what a person has to add; nothing is made up. What was filed is what the
 * events of the case record; nothing is sent from here.
 */
#ifndef TU_REPORT_NOTICE_H
#define TU_REPORT_NOTICE_H

#include <tutela/deadline.h>
#include <tutela/kb.h>
#include <tutela/sink.h>

struct tu_notice_kind;

struct tu_notice_input {
	struct tu_str tool;
	int64_t at;
	const struct tu_device *device;
	const struct tu_kb *kb; /* or NULL */
	const struct tu_deadline_case *of; /* the vulnerability */
	const struct tu_deadlines *deadlines; /* of the case */
};

enum tu_notice_format { TU_NOTICE_TEXT, TU_NOTICE_HTML, TU_NOTICE_JSON };

/* The n-th kind; NULL after the last. */
const struct tu_notice_kind *tu_notice_kind_at(size_t index);
/* "cra-early-warning", …: static storage. */
const char *tu_notice_kind_name(const struct tu_notice_kind *kind);
const struct tu_notice_kind *tu_notice_kind_by_name(struct tu_str name); /* NULL: none */

/* Write it whole. TU_E_NOMEM, TU_E_IO. */
TU_NODISCARD enum tu_status tu_notice_write(const struct tu_notice_kind *kind,
	const struct tu_notice_input *input, enum tu_notice_format format, struct tu_sink *out,
	struct tu_error *err);

#endif
