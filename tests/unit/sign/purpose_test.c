/* What may be signed (sign/purpose.h): the shapes, and nothing that differs from them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ledger/checkpoint.h"
#include "sign/purpose.h"

#define ID "34750f98bd59fcfc"
#define HEX32 "0123456789abcdef0123456789abcdef"
#define STATEMENT \
	"tutela statement 1\nsubject CVE-2024-1234\nsha256 " HEX32 HEX32 "\nat 5\nkey " ID "\n"

static const struct {
	enum tu_sign_purpose purpose;
	const char *payload;
	enum tu_status status;
	size_t line;
} cases[] = {
	{TU_SIGN_STATEMENT, STATEMENT, TU_OK, 0},
	{TU_SIGN_RELEASE, STATEMENT, TU_E_SYNTAX, 1},
	{TU_SIGN_CHECKPOINT, STATEMENT, TU_E_SYNTAX, 1},
	{TU_SIGN_PURPOSES, STATEMENT, TU_E_UNSUPPORTED, 0},
	{TU_SIGN_STATEMENT, "", TU_E_SYNTAX, 0},
	{TU_SIGN_STATEMENT, "tutela statement 1\n", TU_E_SYNTAX, 2},
	{TU_SIGN_STATEMENT, STATEMENT "more\n", TU_E_SYNTAX, 6},
	{TU_SIGN_STATEMENT,
		"tutela statement 1\nsubject \nsha256 " HEX32 HEX32 "\nat 5\nkey " ID "\n",
		TU_E_SYNTAX, 2},
	{TU_SIGN_STATEMENT,
		"tutela statement 1\nsubject a\tb\nsha256 " HEX32 HEX32 "\nat 5\nkey " ID "\n",
		TU_E_SYNTAX, 2},
	{TU_SIGN_STATEMENT, "tutela statement 1\nsubject x\nsha256 " HEX32 "\nat 5\nkey " ID "\n",
		TU_E_SYNTAX, 3},
	{TU_SIGN_STATEMENT,
		"tutela statement 1\nsubject x\nsha256 " HEX32 HEX32 "\nat 05\nkey " ID "\n",
		TU_E_SYNTAX, 4},
	{TU_SIGN_STATEMENT,
		"tutela statement 1\nsubject x\nsha256 " HEX32 HEX32 "\nat -5\nkey " ID "\n",
		TU_E_SYNTAX, 4},
	{TU_SIGN_STATEMENT,
		"tutela statement 1\nsubject x\nsha256 " HEX32 HEX32
		"\nat 5\nkey 0000000000000000\n",
		TU_E_SYNTAX, 5},
	{TU_SIGN_CHECKPOINT,
		"tutela ledger checkpoint 1\ninstance " HEX32 "\nrecord 1\nhash " HEX32 HEX32
		"\nat 0\nkey " ID "\n",
		TU_OK, 0},
	{TU_SIGN_CHECKPOINT,
		"tutela ledger checkpoint 1\ninstance " HEX32 "\nrecord x\nhash " HEX32 HEX32
		"\nat 0\nkey " ID "\n",
		TU_E_SYNTAX, 3},
};

static void only_known_shapes_are_signed(void **state)
{

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_error err = {0};
		enum tu_status status = tu_sign_check(
			cases[i].purpose, tu_str_c(cases[i].payload), TU_STR(ID), &err);

		if (status != cases[i].status || err.line != cases[i].line)
			fail_msg("case %zu: %s, line %zu", i, err.message, err.line);
	}
}

/* What the ledger wants to have signed is what the signing process signs. */
static void checkpoints_have_the_shape(void **state)
{
	const struct tu_checkpoint checkpoint = {
		.instance = HEX32, .n = INT64_MAX, .at = 1700000000000000, .key_id = ID};
	struct tu_buf text;

	(void)state;
	tu_buf_init(&text, TU_CHECKPOINT_TEXT_MAX);
	tu_checkpoint_text(&checkpoint, &text);
	assert_int_equal(
		tu_sign_check(TU_SIGN_CHECKPOINT, tu_buf_str(&text), TU_STR(ID), NULL), TU_OK);
	tu_buf_done(&text);
}

static void contents_have_the_shape(void **state)
{
	const struct tu_sign_content content = {
		TU_STR("VEX for Infusomat 4.2"), {1, 2, 3}, 7, TU_STR(ID)};
	struct tu_buf text;

	(void)state;
	for (unsigned i = TU_SIGN_STATEMENT; i < TU_SIGN_PURPOSES; i++) {
		enum tu_sign_purpose purpose = (enum tu_sign_purpose)i, found;

		tu_buf_init(&text, TU_SIGN_PAYLOAD_MAX);
		tu_sign_content_text(purpose, &content, &text);
		assert_int_equal(
			tu_sign_check(purpose, tu_buf_str(&text), TU_STR(ID), NULL), TU_OK);
		tu_buf_done(&text);
		assert_true(
			tu_sign_purpose_by_name(tu_str_c(tu_sign_purpose_name(purpose)), &found));
		assert_int_equal(found, purpose);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_known_shapes_are_signed),
		cmocka_unit_test(checkpoints_have_the_shape),
		cmocka_unit_test(contents_have_the_shape),
	};

	return cmocka_run_group_tests_name("purpose", tests, NULL, NULL);
}
