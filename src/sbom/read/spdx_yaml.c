/*
 * SPDX 2.2 and 2.3 YAML: the JSON form's members in YAML, event for event (see rewrite.h).
 *
 * Aliases are refused: an SPDX document needs none, and a few lines of them stand for gigabytes.
 */
#include "base/yaml_events.h"
#include "sbom/read/rewrite.h"

enum { DEFAULT_DEPTH = 256 };

struct reading {
	struct tu_sbom_rewrite *r;
	size_t documents;
};

/* Only what JSON has a word for is not a text: "1.10" is a version and no number. */
static void write_plain(struct tu_json_writer *to, struct tu_str value)
{
	if (value.len == 0 || tu_str_eq(value, TU_STR("~")) || tu_str_ieq(value, TU_STR("null")))
		tu_json_add_null(to);
	else if (tu_str_ieq(value, TU_STR("true")) || tu_str_ieq(value, TU_STR("false")))
		tu_json_add_bool(to, tu_str_ieq(value, TU_STR("true")));
	else
		tu_json_add_str(to, value);
}

static enum tu_status begin_document(
	struct reading *y, const struct tu_yaml_event *event, bool *done)
{
	if (++y->documents == 1)
		return TU_OK;
	*done = true;
	return tu_sbom__rewrite_note(y->r, event->line, TU_STR(""),
		"not read: further documents of the file", TU_STR(""));
}

static enum tu_status take_event(void *context, const struct tu_yaml_event *event, bool *done)
{
	struct reading *y = context;
	struct tu_json_writer *to = &y->r->to;

	if (event->kind == TU_YAML_DOCUMENT)
		return begin_document(y, event, done);
	if (event->kind != TU_YAML_CLOSE_MAP && event->kind != TU_YAML_CLOSE_LIST)
		tu_sbom__rewrite_line(y->r, event->line);
	switch (event->kind) {
	case TU_YAML_KEY:
		tu_json_key_str(to, event->text);
		break;
	case TU_YAML_TEXT:
		if (event->plain)
			write_plain(to, event->text);
		else
			tu_json_add_str(to, event->text);
		break;
	case TU_YAML_OPEN_MAP:
		tu_json_open_object(to);
		break;
	case TU_YAML_OPEN_LIST:
		tu_json_open_array(to);
		break;
	case TU_YAML_CLOSE_MAP:
		tu_json_close_object(to);
		break;
	case TU_YAML_CLOSE_LIST:
		tu_json_close_array(to);
		break;
	case TU_YAML_DOCUMENT:
	case TU_YAML_ALIAS: /* refused by the events */
		break;
	}
	return tu_sbom__rewrite_check(y->r, &y->r->json);
}

enum tu_status tu_sbom__rewrite_spdx_yaml(struct tu_sbom_rewrite *r, struct tu_str text)
{
	struct reading y = {.r = r};
	const struct tu_yaml_visitor visitor = {
		.visit = take_event,
		.context = &y,
		.depth = r->limits->depth ? r->limits->depth : DEFAULT_DEPTH,
	};

	r->format = TU_SBOM_SPDX_YAML;
	return tu_yaml_each(text, &visitor, r->err);
}
