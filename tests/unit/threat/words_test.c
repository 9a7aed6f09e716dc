/* Words of a model that no rule knows: a warning where one that rules know is near. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "threat_scene.h"

/* Members of the element a, of the flow f, of the control c. */
static const struct {
	const char *element, *flow, *control;
	const char *message; /* of the only warning; NULL: none */
} words[] = {
	{"facts: {secureboot: 'no'}", "medium: ip", "provides: [integrity]",
		"a: secureboot: no rule knows this fact; is secure_boot meant?"},
	{"facts: {secure-boot: 'no'}", "medium: ip", "provides: [integrity]",
		"a: secure-boot: no rule knows this fact; is secure_boot meant?"},
	{"facts: {Debug: open}", "medium: ip", "provides: [integrity]",
		"a: Debug: no rule knows this fact; is debug meant?"},
	{"facts: {secure_boot: 'no', accepted_by: a}", "medium: ip", "provides: [integrity]", NULL},
	{"facts: {colour: red, staged: 'yes', o: x}", "medium: ip", "provides: [integrity]", NULL},
	{"functions: [therapie]", "medium: ip", "provides: [integrity]",
		"a: functions: no rule knows \"therapie\"; is \"therapy\" meant?"},
	{"functions: [Therapy, dosing configuration, log, karaoke]", "medium: ip",
		"provides: [integrity]", NULL},
	{"kind: process", "facts: {alarm_lokal: 'no'}", "provides: [integrity]",
		"f: alarm_lokal: no rule knows this fact; is alarm_local meant?"},
	{"kind: process", "medium: ip", "provides: [update-signatur]",
		"c: provides: no rule knows \"update-signatur\"; is \"update-signature\" meant?"},
	{"kind: process", "medium: ip", "provides: [Authentication, access-list, moonlight]", NULL},
};

#define MODEL \
	"schema: tutela-model/1\nelements: [{id: a, %s}, {id: b}]\n" \
	"flows: [{id: f, from: a, to: b, %s}]\n" \
	"controls: [{id: c, title: C, covers: [f], state: in-place, %s}]\n"

static void warns(void **state)
{
	struct tu_threat_input input = {.pack_count = 1, .at = SCENE_NOW};
	const struct tu_threat_pack *pack = NULL;
	struct tu_error err;
	char text[1000];
	(void)state;

	assert_int_equal(tu_threat_pack_builtin(arena, &pack, &err), TU_OK);
	input.packs = &pack;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct tu_lints lints = {0};

		(void)snprintf(text, sizeof(text), MODEL, words[i].element, words[i].flow,
			words[i].control);
		input.model = scene_model(text);
		assert_int_equal(tu_threat_lint_words(arena, &input, &lints, &err), TU_OK);
		if (lints.count != (words[i].message ? 1 : 0))
			fail_msg("row %zu: %zu warnings", i, lints.count);
		if (!words[i].message)
			continue;
		assert_string_equal(lints.at[0].rule, "unknown-word");
		assert_int_equal(lints.at[0].level, TU_LINT_WARNING);
		assert_true(lints.at[0].place.line > 0);
		if (!tu_str_eq(lints.at[0].message, tu_str_c(words[i].message)))
			fail_msg("%.*s", TU_STR_FMT(lints.at[0].message));
	}
}

/* However long an id is, there is room for what is wrong after it, and no character is cut. */
static void an_id_of_any_length_leaves_room(void **state)
{
	struct tu_lints lints = {0};
	struct tu_error err;
	size_t found = 0;
	char text[2000], id[600] = "";
	(void)state;

	for (size_t i = 0; i < 149; i++)
		memcpy(id + 4 * i, "\xf0\x9f\xa9\xba", 5); /* a stethoscope */
	(void)snprintf(text, sizeof(text),
		"schema: tutela-model/1\nelements: [{id: a}, {id: b}]\n"
		"flows: [{id: f%s, from: a, to: b}]\ncontrols: [{id: c%s, covers: [a]}]\n",
		id, id);
	assert_int_equal(tu_model_lint(arena, scene_model(text), SCENE_NOW, &lints, &err), TU_OK);
	for (size_t i = 0; i < lints.count; i++) {
		struct tu_str message = lints.at[i].message;

		assert_int_equal(tu_utf8_invalid_at(message), message.len);
		found += tu_str_ends(message, TU_STR("without evidence")) ||
			tu_str_ends(message, TU_STR("test is broken")) ||
			tu_str_ends(message, TU_STR("carries, medium"));
	}
	assert_int_equal(found, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(warns, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(
			an_id_of_any_length_leaves_room, open_arena, close_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
