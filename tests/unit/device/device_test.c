#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <tutela/device.h>

#include "cli/device_template.h"
#include "error_text.h"

static struct tu_arena *arena;
static struct tu_error err;

static int set_up(void **state)
{
	(void)state;
	arena = tu_arena_new(64 << 20);
	memset(&err, 0, sizeof(err));
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	tu_arena_free(arena);
	return 0;
}

static enum tu_status read_text(const char *text, const struct tu_device **out)
{
	return tu_device_read(arena, TU_STR("device.yaml"), tu_str_c(text), NULL, out, &err);
}

static void everything_has_a_default(void **state)
{
	const struct tu_device *device = NULL;
	(void)state;

	assert_int_equal(read_text("family: Pump 7 - new\n", &device), TU_OK);
	assert_true(tu_str_eq(device->id, TU_STR("pump-7-new")));
	assert_true(device->medical);
	assert_int_equal(device->markets.count, 2);
	assert_int_equal(device->policy.band_count, 3);
	assert_int_equal(device->policy.epss_high, 100000);
	assert_int_equal(device->policy.approvals, 1);
	assert_int_equal(tu_device_worst_harm(device), TU_HARM_CATASTROPHIC);
	assert_int_equal(tu_device_worst_privacy(device), TU_PRIVACY_SERIOUS);
	assert_int_equal(tu_device_risk(device, 0, TU_HARM_CRITICAL), TU_RISK_CONTROLLED);
	assert_int_equal(tu_device_risk(device, 0, TU_HARM_CATASTROPHIC), TU_RISK_UNCONTROLLED);
	assert_int_equal(tu_device_risk(device, 2, TU_HARM_NEGLIGIBLE), TU_RISK_CONTROLLED);
	assert_int_equal(tu_device_risk(device, 2, TU_HARM_NONE), TU_RISK_CONTROLLED);
	assert_int_equal(tu_device_risk(device, 2, TU_HARM_UNKNOWN), TU_RISK_UNDECIDED);
	assert_int_equal(tu_device_risk(device, 9, TU_HARM_MINOR), TU_RISK_UNDECIDED);
}

/* Documents are named by the id: two families never have the same. */
static void names_of_any_script_give_ids_that_stay_apart(void **state)
{
	static const struct {
		const char *family;
		const char *start; /* of the id; what follows is 12 digits of the digest */
		bool digest;
	} rows[] = {
		{"Larkspur IP-200", "larkspur-ip-200", false},
		{"  Larkspur   IP 200 -", "larkspur-ip-200", false},
		{"P1", "p1", false},
		{"P1+", "p1-", true},
		{"P1/", "p1-", true},
		{"P1_", "p1-", true},
		{"P\xc3\xa9 1", "p-1-", true},
		{"\xe3\x83\x9d\xe3\x83\xb3\xe3\x83\x97", "", true},
		{"\xe6\xb3\xa8\xe5\xb0\x84\xe5\x99\xa8", "", true},
		{"\xd0\x9d\xd0\xb0\xd1\x81\xd0\xbe\xd1\x81 200", "200-", true},
		{"\xce\x91\xce\xbd\xcf\x84\xce\xbb\xce\xaf\xce\xb1 200", "200-", true},
		{"\xf0\x9f\xa9\xba", "", true},
		{"!?&%", "", true},
	};
	char seen[TU_COUNT(rows)][80] = {""};
	char text[200];

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const struct tu_device *device = NULL;
		size_t start = strlen(rows[i].start);

		(void)snprintf(text, sizeof(text), "family: \"%s\"\n", rows[i].family);
		assert_int_equal(read_text(text, &device), TU_OK);
		assert_int_equal(device->id_digest, rows[i].digest);
		assert_int_equal(device->id.len, start + (rows[i].digest ? 12 : 0));
		assert_memory_equal(device->id.ptr, rows[i].start, start);
		for (size_t k = start; k < device->id.len; k++)
			assert_non_null(strchr("0123456789abcdef", device->id.ptr[k]));
		(void)snprintf(seen[i], sizeof(seen[i]), "%.*s", TU_STR_FMT(device->id));
		for (size_t k = 2; k < i; k++)
			assert_string_not_equal(seen[k], seen[i]);
	}
}

static void levels_fall_into_bands(void **state)
{
	static const size_t wanted[] = {3, 0, 0, 1, 2, 2};
	const struct tu_device *device = NULL;
	(void)state;

	assert_int_equal(read_text("family: X\n", &device), TU_OK);
	for (uint32_t level = 0; level <= 5; level++)
		assert_int_equal(tu_device_band_of_level(device, level), wanted[level]);
	assert_int_equal(tu_device_band(device, TU_STR("HIGH")), 2);
	assert_int_equal(tu_device_band(device, TU_STR("extreme")), 3);
}

static void order_of_sections_does_not_matter(void **state)
{
	const struct tu_device *device = NULL;
	(void)state;

	assert_int_equal(read_text("components: [{match: a, assets: [t]}]\n"
				   "assets: [{id: t, hazards: [h]}]\n"
				   "hazards: [{id: h, severity: minor}]\nfamily: X\n",
				 &device),
		TU_OK);
	assert_int_equal(device->components[0].assets[0], 0);
	assert_int_equal(device->assets[0].hazards[0].loss, TU_LOSS_ANY);
}

static void the_template_reads(void **state)
{
	const struct tu_device *device = NULL;
	(void)state;

	if (read_text(tu_device_template, &device))
		fail_msg("%s", error_text(&err));
	assert_int_equal(device->hazard_count, 2);
	for (size_t b = 0; b < device->policy.band_count; b++)
		for (size_t s = 0; s < TU_HARM_LEVELS; s++)
			assert_int_not_equal(device->policy.matrix[b][s], TU_RISK_UNDECIDED);
}

static void errors_have_places(void **state)
{
	static const struct {
		const char *text;
		const char *message;
	} cases[] = {
		{"id: x\n", "device.yaml:1:1: \"family\" is missing"},
		{"family: X\nname: y\n", "device.yaml:2:1: /name: no such key; there are schema"},
		{"family: [X]\n", "device.yaml:1:9: /family: expected a text, not a list"},
		{"family: X\nreleases: {}\n",
			"device.yaml:2:11: /releases: expected a list, not a map"},
		{"family: X\nreleases: [{sbom: a}]\n", "2:12: /releases/0: \"version\" is missing"},
		{"family: X\nreleases: [{version: 1}, {version: 1}]\n",
			"/releases/1: a second release \"1\""},
		{"family: X\nreleases: [{version: 1, released: 2026-02-30}]\n",
			"/releases/0/released: expected a date such as"},
		{"family: X\nreleases: [{version: 1, released: '2026-02-03T10:00'}]\n",
			"has no zone"},
		{"family: X\nhazards: [{id: h, severity: bad}]\n",
			"/hazards/0/severity: expected one of unknown, none, negligible"},
		{"family: X\nhazards: [{id: h, severity: none}]\n", "one of the five severities"},
		{"family: X\nassets: [{id: a, hazards: [h]}]\n",
			"/assets/0/hazards/0: there is no hazard \"h\" in this file"},
		{"family: X\ncomponents: [{match: a, assets: [b]}]\n", "there is no asset \"b\""},
		{"family: X\ncomponents: [{match: {version: 1}}]\n", "names no component"},
		{"family: X\ncontrols: [{id: c, interfaces: [i]}]\n",
			"there is no interface \"i\""},
		{"family: X\ncontrols: [{id: c, lowers: {exploitability: 5}}]\n",
			"expected a whole number from 0 to 4"},
		{"family: X\ninterfaces: [{id: i, kind: wireless, range: far}]\n",
			"expected a distance"},
		{"family: X\npolicy: {bands: [{name: a, from: 2}, {name: b, from: 3}]}\n",
			"the lowest band begins at level 1"},
		{"family: X\npolicy: {bands: [{name: a, from: 1}, {name: b, from: 1}]}\n",
			"bands rise"},
		{"family: X\npolicy: {bands: [{name: a, from: 1}, {name: A, from: 2}]}\n",
			"a second band"},
		{"family: X\npolicy: {matrix: {middle: {}}}\n", "no band of this name"},
		{"family: X\npolicy: {matrix: {low: {minor: maybe}}}\n",
			"/policy/matrix/low/minor: expected one of controlled, uncontrolled"},
		{"family: X\npolicy: {epss_high: 1.5}\n", "expected a number from 0 to 1"},
		{"family: X\npolicy: {approvals: 0}\n", "/policy/approvals: expected 1 or 2"},
		{"family: X\npolicy: {approvals: 3}\n", "/policy/approvals: expected 1 or 2"},
		{"family: X\npolicy: {approvals: two}\n", "/policy/approvals: expected 1 or 2"},
		{"family: X\npolicy: {approvals: [2]}\n", "/policy/approvals: expected 1 or 2"},
		{"family: X\npolicy: {time_zone: Berlin}\n", "expected a time zone"},
		{"family: X\npolicy: {time_zone: Europe/Berlin}\n", "expected a time zone"},
		{"family: X\npolicy: {time_zone: '+25:00'}\n", "expected a time zone"},
		{"family: X\npolicy: {approved_at: '2016-12-31T23:59:60Z'}\n", "a leap second"},
		{"family: X\nmedical: yes\n", "/medical: expected true or false, not \"yes\""},
		{"family: X\nschema: other/1\n", "the schema that is read is tutela-device/1"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		const struct tu_device *device = NULL;
		enum tu_status status = read_text(cases[i].text, &device);

		if (status == TU_OK || device || !strstr(error_text(&err), cases[i].message))
			fail_msg("case %zu: %s", i, error_text(&err));
	}
}

static void policy_is_read(void **state)
{
	const struct tu_device *device = NULL;
	const struct tu_risk_policy *policy;
	(void)state;

	assert_int_equal(
		read_text("family: X\npolicy:\n"
			  "  bands: [{name: a, from: 1}, {name: b, from: 5}]\n"
			  "  matrix: {a: [controlled, controlled], b: {minor: uncontrolled}}\n"
			  "  epss_high: 0.25\n  approvals: 2\n  score_raise: 1.5\n  time_zone: "
			  "'-05:30'\n"
			  "  holidays: [2026-12-25, 2026-01-01]\n"
			  "  clocks: [{id: c, stop: s, amount: 3}]\n",
			&device),
		TU_OK);
	policy = &device->policy;
	assert_int_equal(policy->band_count, 2);
	assert_int_equal(policy->matrix[0][1], TU_RISK_CONTROLLED);
	assert_int_equal(policy->matrix[0][2], TU_RISK_UNDECIDED);
	assert_int_equal(policy->matrix[1][1], TU_RISK_UNCONTROLLED);
	assert_int_equal(policy->epss_high, 250000);
	assert_int_equal(policy->score_raise, 15);
	assert_int_equal(policy->approvals, 2);
	assert_int_equal(policy->zone.seconds, -330 * 60);
	assert_int_equal(tu_zone_offset(&policy->zone, 0), -330 * 60);
	assert_true(policy->holidays[0] < policy->holidays[1]);
	assert_true(tu_str_eq(policy->clocks[0].start, TU_STR("learned")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(everything_has_a_default),
		TEST(names_of_any_script_give_ids_that_stay_apart),
		TEST(levels_fall_into_bands),
		TEST(order_of_sections_does_not_matter),
		TEST(the_template_reads),
		TEST(errors_have_places),
		TEST(policy_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
