/* Package URLs as a CycloneDX document, so that one reader makes components of them. */
#include "app/purl_sbom.h"

#include <string.h>

#include <tutela/purl.h>

#include "base/json_writer.h"

#define DOCUMENT_MAX ((size_t)64 << 20)

bool tu_purl_sbom_is(const char *operand)
{
	return strncmp(operand, "pkg:", 4) == 0;
}

static enum tu_status add_component(
	struct tu_arena *arena, const char *text, struct tu_json_writer *json, struct tu_error *err)
{
	struct tu_purl purl;
	enum tu_status status = tu_purl_parse(arena, tu_str_c(text), &purl, err);

	if (status != TU_OK)
		return tu_error_prefix(err, "%s", text);
	tu_json_open_object(json);
	tu_json_member_str(json, "type", TU_STR("library"));
	tu_json_member_str(json, "bom-ref", tu_str_c(text));
	tu_json_member_opt(json, "group", purl.namespace_);
	tu_json_member_str(json, "name", purl.name);
	tu_json_member_opt(json, "version", purl.version);
	tu_json_member_str(json, "purl", tu_str_c(text));
	tu_json_close_object(json);
	return TU_OK;
}

/* Whether the same text comes earlier: references are unique. */
static bool is_repeated(const char *const *purls, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(purls[i], purls[index]) == 0)
			return true;
	return false;
}

enum tu_status tu_purl_sbom(struct tu_arena *arena, const char *const *purls, size_t count,
	const struct tu_inventory **out_inventory, struct tu_error *err)
{
	struct tu_buf text;
	struct tu_json_writer json;
	enum tu_status status = TU_OK;

	tu_buf_init(&text, DOCUMENT_MAX);
	json = tu_json_writer(&text, false);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "bomFormat", TU_STR("CycloneDX"));
	tu_json_member_str(&json, "specVersion", TU_STR("1.6"));
	tu_json_member_int(&json, "version", 1);
	tu_json_key(&json, "components");
	tu_json_open_array(&json);
	for (size_t i = 0; status == TU_OK && i < count; i++)
		if (!is_repeated(purls, i))
			status = add_component(arena, purls[i], &json, err);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	if (status == TU_OK && text.failed)
		status = tu_no_memory(err);
	if (status == TU_OK)
		status = tu_sbom_read(arena, tu_buf_str(&text), false, NULL, out_inventory, err);
	tu_buf_done(&text);
	return status;
}
