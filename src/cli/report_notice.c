/* tutela report --notice: the prepared text of a notice to an authority. */
#include <string.h>

#include "app/deadlines.h"
#include "app/output.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/report_notice.h"
#include "report/notice.h"

static const char name[] = "report";

const char *tu_report_notice_word(size_t index)
{
	const struct tu_notice_kind *kind = tu_notice_kind_at(index);

	return kind ? tu_notice_kind_name(kind) : NULL;
}

/* The case about the vulnerability, by any of its names. */
static enum tu_status find_case(const struct tu_deadlines_answer *answer, struct tu_str id,
	size_t *out_index, struct tu_error *err)
{
	for (size_t i = 0; i < answer->all.case_count; i++)
		if (tu_deadline_case_is_about(answer->kb.kb, &answer->all.cases[i], id)) {
			*out_index = i;
			return TU_OK;
		}
	return tu_fail(err, TU_E_NOTFOUND, 0,
		"no decision of the device is about \"%.*s\": a notice is prepared from what was "
		"decided and recorded (tutela decide)",
		TU_STR_FMT(id));
}

static enum tu_status write_notice(const struct tu_report_notice *asked,
	const struct tu_deadlines_answer *answer, struct tu_error *err)
{
	const struct tu_notice_kind *kind = tu_notice_kind_by_name(tu_str_c(asked->kind));
	struct tu_output output;
	size_t index = 0;
	enum tu_status status = find_case(answer, tu_str_c(asked->vulnerability), &index, err);

	if (status == TU_OK)
		status = tu_output_open(&output, asked->output, err);
	if (status != TU_OK)
		return status;
	status = tu_notice_write(kind,
		&(struct tu_notice_input){.tool = TU_STR("tutela " TUTELA_VERSION),
			.at = asked->request.at,
			.device = answer->folder.device,
			.kb = answer->kb.kb,
			.of = &answer->all.cases[index],
			.deadlines = &answer->all.clocks[index]},
		asked->format, &output.sink, err);
	if (status == TU_OK)
		return tu_output_close(&output, err);
	tu_output_abandon(&output);
	return status;
}

int tu_report_notice(const struct tu_report_notice *asked)
{
	struct tu_deadlines_answer answer = {0};
	struct tu_error err = {0};
	enum tu_status status = tu_app_deadlines(tu_context(), &asked->request, &answer, &err);

	if (status == TU_OK)
		status = write_notice(asked, &answer, &err);
	tu_deadlines_done(&answer);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}
