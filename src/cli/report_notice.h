/*
 * tutela report --notice.
 */
#ifndef TU_CLI_REPORT_NOTICE_H
#define TU_CLI_REPORT_NOTICE_H

#include "app/deadlines.h"
#include "report/notice.h"

struct tu_report_notice {
	const char *kind; /* one of tu_report_notice_word() */
	const char *vulnerability;
	const char *output; /* NULL: standard output */
	enum tu_notice_format format;
	struct tu_deadlines_request request;
};

/* The n-th kind of notice; NULL after the last. */
const char *tu_report_notice_word(size_t index);

/* Write it; what the command exits with. */
int tu_report_notice(const struct tu_report_notice *asked);

#endif
