/*
 * A program that uses the use cases as a server would: it links app, gate and show, not cli.
 *
 *   consumer-use-cases scan|assess|clocks|vex KB AT CREATED INPUT OUT
 *
 * Writes into OUT what `tutela scan INPUT`, `tutela assess|clocks|vex write INPUT` print as JSON.
 * Says nothing itself: the exit code is 0, or 1 when anything failed.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <unistd.h>

#include "app/publish.h"
#include "show/assess.h"
#include "show/deadlines.h"
#include "show/format.h"

struct job {
	struct tu_app_context context;
	const char *kb;
	const char *input;
	int64_t at, created;
	struct tu_sink *out;
	struct tu_error err;
};

static enum tu_status scan(struct job *j)
{
	const struct tu_scan_request request = {
		.source = {.path = j->input}, .kb = j->kb, .at = j->at};
	const struct tu_scan_style style = {.now = j->at};
	struct tu_scan_answer answer;
	enum tu_status status = tu_app_scan(&j->context, &request, &answer, &j->err);

	if (status == TU_OK)
		status = tu_format_json(&answer.report, &style, j->out, &j->err);
	tu_scan_done(&answer);
	return status;
}

static enum tu_status assess(struct job *j)
{
	const struct tu_assess_request request = {.folder = j->input, .kb = j->kb, .at = j->at};
	const struct tu_assess_selection all = {.limit = SIZE_MAX};
	struct tu_assess_answer answer;
	struct tu_assess_view view = {.assessing = &answer};
	struct tu_deadlines_of deadlines = {0};
	enum tu_status status = tu_app_assess(&j->context, &request, &answer, &j->err);

	if (status == TU_OK)
		status = tu_deadline_rules(answer.matching.arena, answer.folder.device, &view.rules,
			&view.rule_count, &j->err);
	if (status == TU_OK)
		status = tu_deadlines_of_folder(
			&deadlines, &answer.folder, answer.matching.report.kb, j->at, &j->err);
	if (status == TU_OK)
		status = tu_deadlines_sort(
			&deadlines, answer.matching.arena, &view.deadlines, &j->err);
	if (status == TU_OK)
		status = tu_assess_select(&answer, &all, &view.findings, &j->err);
	if (status == TU_OK)
		status = tu_assess_json(&view, j->out, &j->err);
	tu_assess_done(&answer);
	return status;
}

static enum tu_status clocks(struct job *j)
{
	const struct tu_deadlines_request request = {.folder = j->input, .kb = j->kb, .at = j->at};
	struct tu_deadlines_answer answer;
	struct tu_deadlines_view view = {.answer = &answer, .at = j->at};
	enum tu_status status = tu_app_deadlines(&j->context, &request, &answer, &j->err);

	if (status == TU_OK) {
		view.zone = &answer.folder.device->policy.zone;
		status = tu_deadlines_json(&view, j->out, &j->err);
	}
	tu_deadlines_done(&answer);
	return status;
}

static enum tu_status vex(struct job *j)
{
	const struct tu_publish_request request = {.folder = j->input,
		.kb = j->kb,
		.generator = "tutela " TUTELA_VERSION,
		.tlp = TU_STR("WHITE"),
		.format = TU_ISSUE_OPENVEX,
		.at = j->at,
		.created = j->created};
	struct tu_publish_answer answer;
	enum tu_status status = tu_app_publish(&j->context, &request, &answer, &j->err);

	if (status == TU_OK)
		status = tu_issue_write(&answer.issue, request.format, j->out, &j->err);
	tu_publish_done(&answer);
	return status;
}

static enum tu_status write_piece(void *context, struct tu_str piece, struct tu_error *err)
{
	const int *fd = context;

	return write(*fd, piece.ptr, piece.len) == (ssize_t)piece.len
		? TU_OK
		: tu_fail(err, TU_E_IO, 0, "cannot write");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		enum tu_status (*run)(struct job *j);
	} jobs[] = {{"scan", scan}, {"assess", assess}, {"clocks", clocks}, {"vex", vex}};
	int fd = argc == 7 ? open(argv[6], O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;
	enum tu_status status = TU_E_USAGE;
	struct tu_sink out;
	struct job job = {.out = &out};

	if (fd < 0)
		return 1;
	job.kb = argv[2];
	job.at = job.context.now = strtoll(argv[3], NULL, 10);
	job.created = strtoll(argv[4], NULL, 10);
	job.input = argv[5];
	tu_sink_init(&out, (size_t)1 << 30, write_piece, &fd);
	for (size_t i = 0; i < TU_COUNT(jobs); i++)
		if (strcmp(jobs[i].name, argv[1]) == 0)
			status = jobs[i].run(&job);
	if (status == TU_OK)
		status = tu_sink_flush(&out, &job.err);
	tu_sink_done(&out);
	return close(fd) != 0 || status != TU_OK;
}
