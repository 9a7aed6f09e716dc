#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "app/threat.h"

enum { ELEMENTS = 1000 };

static void write_model(struct tu_buf *out)
{
	tu_buf_c(out, "schema: tutela-model/1\nzones:\n  - {id: ward, name: Ward}\nelements:\n");
	for (unsigned i = 0; i < ELEMENTS; i++)
		tu_buf_printf(out, "  - {id: e%u, kind: process, zone: ward}\n", i);
}

static enum tu_status judge(struct tu_str model, size_t memory_max, struct tu_error *err)
{
	const struct tu_threat_texts texts = {
		.model = {TU_STR("model.yaml"), model}, .memory_max = memory_max};
	struct tu_threat_answer answer;
	enum tu_status status = tu_app_threats_of(&texts, 0, &answer, err);

	if (status == TU_OK)
		assert_true(answer.threats.count > ELEMENTS);
	tu_threat_answer_done(&answer);
	return status;
}

/* A service judges in an arena of its own size, and says whose size it is when that is too small.
 */
static void a_design_that_does_not_fit_is_said(void **state)
{
	struct tu_buf model;
	struct tu_error err = {0};
	(void)state;

	tu_buf_init(&model, 1 << 20);
	write_model(&model);
	assert_false(model.failed);
	assert_int_equal(judge(tu_buf_str(&model), 0, &err), TU_OK);
	assert_int_equal(judge(tu_buf_str(&model), 512 << 20, &err), TU_OK);
	assert_int_equal(judge(tu_buf_str(&model), 2 << 20, &err), TU_E_LIMIT);
	assert_non_null(strstr(err.message, "take more than 2 MB"));
	tu_buf_done(&model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_design_that_does_not_fit_is_said)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
