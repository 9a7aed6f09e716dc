/* Tests of SSVC selections (CSAF 2.1; schema SelectionList 2.0.0). */
#include <stdio.h>

#include "csaf/tests.h"
#include "ident/registry.h"

#define SSVC "*/metrics/*/content/ssvc_v2"

static void want(
	struct tu_csaf *csaf, struct tu_json object, const char *member, enum tu_json_type type)
{
	struct tu_json value = tu_json_get(object, tu_str_c(member));

	if (!value.doc)
		tu_csaf_fail(csaf, object, NULL, "required member \"%s\" is missing", member);
	else if (tu_json_type(value) != type)
		tu_csaf_fail(csaf, value, NULL, "expected %s, found %s", tu_json_type_name(type),
			tu_json_type_name(tu_json_type(value)));
	else if (type == TU_JSON_ARRAY && !tu_json_count(value))
		tu_csaf_fail(csaf, value, NULL, "at least one item expected");
}

static void check_selection(struct tu_csaf *csaf, struct tu_json selection, void *context)
{
	struct tu_json value;

	(void)context;
	if (!tu_json_is_object(selection)) {
		tu_csaf_fail(csaf, selection, NULL, "expected an object");
		return;
	}
	want(csaf, selection, "namespace", TU_JSON_STRING);
	want(csaf, selection, "key", TU_JSON_STRING);
	want(csaf, selection, "version", TU_JSON_STRING);
	want(csaf, selection, "values", TU_JSON_ARRAY);
	TU_CSAF_EACH(value, tu_json_get(selection, TU_STR("values")))
	want(csaf, value, "key", TU_JSON_STRING);
}

static void check_list(struct tu_csaf *csaf, struct tu_json ssvc, void *context)
{
	struct tu_json version = tu_json_get(ssvc, TU_STR("schemaVersion"));

	(void)context;
	if (!tu_json_is_object(ssvc)) {
		tu_csaf_fail(csaf, ssvc, NULL, "expected an object");
		return;
	}
	want(csaf, ssvc, "schemaVersion", TU_JSON_STRING);
	want(csaf, ssvc, "timestamp", TU_JSON_STRING);
	want(csaf, ssvc, "selections", TU_JSON_ARRAY);
	if (tu_json_is_string(version) && !tu_str_eq(tu_json_str(version), TU_STR("2.0.0")))
		tu_csaf_fail(csaf, version, NULL, "expected 2.0.0");
	tu_csaf_each(csaf, ssvc, "selections/*", check_selection, NULL);
}

TU_CSAF_TEST(6_1_46)
{
	tu_csaf_each(csaf, csaf->vulnerabilities, SSVC, check_list, NULL);
}

/* ---- targets ---- */

static bool is_id_of(struct tu_json vulnerability, struct tu_str target)
{
	struct tu_json id;

	if (target.len && tu_str_eq(target, TU_JSON_STR(vulnerability, "cve")))
		return true;
	TU_CSAF_EACH(id, tu_json_get(vulnerability, TU_STR("ids")))
	if (tu_str_eq(target, TU_JSON_STR(id, "text")))
		return true;
	return false;
}

static void check_target(struct tu_csaf *csaf, struct tu_json target, void *context)
{
	const struct tu_json *vulnerability = context;
	struct tu_str id = tu_json_str(target);

	if (!is_id_of(*vulnerability, id))
		tu_csaf_fail(csaf, target, NULL, "\"%.*s\" is not an id of the vulnerability",
			TU_STR_FMT(tu_str_first(id, 80)));
	else if (tu_str_eq(id, TU_JSON_STR(csaf->tracking, "id")) &&
		tu_json_count(csaf->vulnerabilities) > 1)
		tu_csaf_fail(csaf, target, NULL,
			"names the document, which has several vulnerabilities");
}

TU_CSAF_TEST(6_1_47)
{
	struct tu_json vulnerability;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	tu_csaf_each(csaf, vulnerability, "metrics/*/content/ssvc_v2/target_ids/*", check_target,
		&vulnerability);
}

/* ---- decision points ---- */

/* The values of the selection must stand in the definition, in the same order. */
static void check_values(struct tu_csaf *csaf, struct tu_json selection, struct tu_str defined)
{
	struct tu_json value;
	struct tu_str key, found;

	TU_CSAF_EACH(value, tu_json_get(selection, TU_STR("values")))
	{
		bool met = false;
		key = TU_JSON_STR(value, "key");
		while (!met && tu_str_split(&defined, ',', &found))
			met = tu_str_eq(found, key);
		if (!met) {
			tu_csaf_fail(csaf, value, "key",
				"\"%.*s\" is not a value of the decision point, or out of order",
				TU_STR_FMT(tu_str_first(key, 80)));
			return;
		}
	}
}

static void check_point(struct tu_csaf *csaf, struct tu_json selection, void *context)
{
	struct tu_str namespace_ = TU_JSON_STR(selection, "namespace");
	struct tu_str base = tu_str_first(namespace_, tu_str_find(namespace_, '/'));
	struct tu_str defined;
	char key[256];
	int len;

	(void)context;
	base = tu_str_first(base, tu_str_find(base, '#'));
	if (tu_str_eq(base, TU_STR("invalid"))) {
		tu_csaf_fail(
			csaf, selection, "namespace", "the namespace is reserved: \"invalid\"");
		return;
	}
	len = snprintf(key, sizeof(key), "%.*s/", TU_STR_FMT(base));
	if (len < 0 || (size_t)len >= sizeof(key) ||
		!tu_registry_has_prefix(TU_REGISTRY_SSVC, tu_str_of(key, (size_t)len)))
		return;
	len = snprintf(key, sizeof(key), "%.*s/%.*s/%.*s", TU_STR_FMT(base),
		TU_STR_FMT(TU_JSON_STR(selection, "key")),
		TU_STR_FMT(TU_JSON_STR(selection, "version")));
	if (len < 0 || (size_t)len >= sizeof(key) ||
		!tu_registry_find(TU_REGISTRY_SSVC, tu_str_of(key, (size_t)len), &defined))
		tu_csaf_fail(csaf, selection, "key",
			"\"%.*s\" %.*s is not a decision point of the namespace",
			TU_STR_FMT(tu_str_first(TU_JSON_STR(selection, "key"), 80)),
			TU_STR_FMT(tu_str_first(TU_JSON_STR(selection, "version"), 80)));
	else
		check_values(csaf, selection, tu_str_first(defined, tu_str_find(defined, '\t')));
}

TU_CSAF_TEST(6_1_48)
{
	tu_csaf_each(csaf, csaf->vulnerabilities, SSVC "/selections/*", check_point, NULL);
}
