/*
 * CSAF documents: any bytes are judged or refused; a document that is judged has located problems
 * whose number fits the counts.
 */
#include <stdlib.h>

#include <tutela/csaf.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void look_at(const struct tu_csaf_report *report)
{
	size_t told = 0;

	for (size_t i = 0; i < report->problem_count; i++) {
		const struct tu_csaf_problem *problem = &report->problems[i];
		demand(problem->message.len > 0 && problem->test.len > 0);
		demand(!problem->pointer.len || problem->pointer.ptr[0] == '/');
	}
	for (size_t i = 0; i < TU_CSAF_CLASSES; i++)
		told += report->counts[i];
	demand(told == report->problem_count + report->left_out);
	demand(report->valid ==
		(report->counts[TU_CSAF_SCHEMA] + report->counts[TU_CSAF_MANDATORY] == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_arena *arena = tu_arena_new((size_t)256 << 20);
	const struct tu_csaf_report *report = NULL;
	struct tu_error err = {0};

	if (!arena)
		return 0;
	if (tu_csaf_validate(arena, tu_str_of((const char *)data, size), false, 0, &report, &err) ==
		TU_OK)
		look_at(report);
	else
		demand(err.message[0] != '\0' && !report);
	tu_arena_free(arena);
	return 0;
}
