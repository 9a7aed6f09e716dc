/* Collections: what is and was offered of a release, and the artifacts in them. */
#include <stdio.h>

#include "base/hex.h"
#include "connect/tea/tea.h"
#include "portfolio/document.h"
#include "portfolio/media.h"

/* ---- artifacts ---- */

/* How a document's file ends, by the format of a statement. */
static const char *ending_of(const struct tu_offer_format *format)
{
	static const struct {
		const char *format, *ending;
	} rows[] = {{"openvex", "openvex.json"}, {"cyclonedx", "vex.cdx.json"},
		{"csaf-vex", "csaf-vex.json"}, {"csaf-advisory", "csaf.json"},
		{"notice-html", "html"}, {"notice-text", "txt"}};

	for (size_t i = 0; i < TU_COUNT(rows); i++)
		if (tu_str_eq(format->format, tu_str_c(rows[i].format)))
			return rows[i].ending;
	return tu_media_ending(format->media);
}

static bool is_plain(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!tu_char_is_alnum(text.ptr[i]) && text.ptr[i] != '-' && text.ptr[i] != '.' &&
			text.ptr[i] != '_')
			return false;
	return text.len != 0;
}

/* "larkspur-ip-200-4.3.1.cdx.json": of characters that no address and no folder minds. */
static struct tu_str file_name(
	struct tu_tea *tea, const struct tu_tea_thing *thing, const struct tu_offer_format *format)
{
	struct tu_str device = thing->device->row.name, version = thing->release->row.version;

	if (!is_plain(device))
		device = TU_STR("device");
	if (!is_plain(version))
		version = TU_STR("release");
	return tu_tea_text(
		tea, "%.*s-%.*s.%s", TU_STR_FMT(device), TU_STR_FMT(version), ending_of(format));
}

static struct tu_str name_of(
	struct tu_tea *tea, const struct tu_tea_thing *thing, const struct tu_offer_item *item)
{
	struct tu_str title = thing->device->row.title, version = thing->release->row.version;
	struct tu_str path = item->path;

	if (path.len)
		return tu_str_from(
			path, tu_str_rfind(path, '/') < path.len ? tu_str_rfind(path, '/') + 1 : 0);
	if (tu_str_eq(item->type, TU_STR("bom")))
		return tu_tea_text(
			tea, "SBOM of %.*s %.*s", TU_STR_FMT(title), TU_STR_FMT(version));
	return tu_tea_text(tea, "Vulnerabilities of %.*s", TU_STR_FMT(title));
}

/* "release-notes": "RELEASE_NOTES". */
static void write_type(struct tu_tea *tea, struct tu_str type)
{
	char text[40];
	size_t len = type.len < sizeof(text) ? type.len : sizeof(text);

	for (size_t i = 0; i < len; i++) {
		char c = type.ptr[i];

		text[i] = c == '-' ? '_' : tu_char_is_lower(c) ? (char)(c - 'a' + 'A') : c;
	}
	tu_json_member_str(tea->json, "type", tu_str_of(text, len));
}

static void write_format(struct tu_tea *tea, const struct tu_tea_thing *thing,
	const struct tu_offer_item *item, const struct tu_offer_format *format)
{
	char id[TU_UUID_TEXT];
	struct tu_buf uuid = {.ptr = id, .cap = sizeof(id), .ceiling = sizeof(id)};
	struct tu_str name = file_name(tea, thing, format);

	tu_uuid_write(item->artifact, &uuid);
	tu_json_open_object(tea->json);
	tu_json_member_str(tea->json, "mediaType", format->media);
	tu_json_member_str(tea->json, "description", format->format.len ? format->format : name);
	tu_json_member_str(tea->json, "url",
		tu_tea_text(tea, "%.*s" TU_TEA_BASE "/download/%.*s/%lld/%.*s",
			TU_STR_FMT(tea->site), TU_STR_FMT(tu_buf_str(&uuid)),
			(long long)item->revision, TU_STR_FMT(name)));
	tu_json_key(tea->json, "checksums");
	tu_json_open_array(tea->json);
	tu_json_open_object(tea->json);
	tu_json_member_str(tea->json, "algType", TU_STR("SHA-256"));
	tu_record_digest(tea->json, "algValue", format->digest);
	tu_json_close_object(tea->json);
	tu_json_close_array(tea->json);
	tu_json_close_object(tea->json);
}

void tu_tea_write_artifact(
	struct tu_tea *tea, const struct tu_tea_thing *thing, const struct tu_offer_item *item)
{
	tu_json_open_object(tea->json);
	tu_tea_member_uuid(tea, "uuid", TU_TEA_PRODUCT, item->artifact);
	tu_json_member_int(tea->json, "version", item->revision);
	tu_json_member_str(tea->json, "name", name_of(tea, thing, item));
	write_type(tea, item->type);
	tu_tea_member_time(tea, "createdDate", item->since);
	tu_json_key(tea->json, "formats");
	tu_json_open_array(tea->json);
	for (size_t i = 0; i < item->format_count; i++)
		write_format(tea, thing, item, &item->formats[i]);
	tu_json_close_array(tea->json);
	tu_json_close_object(tea->json);
}

static enum tu_status find_item(
	struct tu_tea *tea, bool latest, struct tu_offer_found *out, struct tu_error *err)
{
	char id[TU_UUID_DIGITS + 1];
	int64_t revision = 0;
	enum tu_status status = latest ? TU_OK : tu_tea_number(tea, 1, &revision, err);

	*out = (struct tu_offer_found){0};
	if (status == TU_OK)
		status = tu_tea_find_artifact(tea, id, err);
	if (status != TU_OK)
		return status;
	*out = tu_offer_find(&tea->offers, tu_str_c(id), revision);
	return out->item ? TU_OK : tu_tea_unknown(err);
}

static enum tu_status read_artifact(struct tu_tea *tea, bool latest, struct tu_error *err)
{
	struct tu_offer_found found;
	enum tu_status status = find_item(tea, latest, &found, err);

	if (status == TU_OK)
		tu_tea_write_artifact(
			tea, &(struct tu_tea_thing){found.device, found.release}, found.item);
	return status;
}

/* The bytes, under the name that the artifact's address has. */
static enum tu_status read_document(struct tu_tea *tea, struct tu_error *err)
{
	struct tu_api_call *call = tea->call;
	struct tu_offer_found found;
	struct tu_tea_thing thing;
	struct tu_buf bytes;
	enum tu_status status = find_item(tea, false, &found, err);
	size_t count = status == TU_OK && found.item ? found.item->format_count : 0;

	thing = (struct tu_tea_thing){found.device, found.release};
	for (size_t i = 0; i < count; i++) {
		const struct tu_offer_format *format = &found.item->formats[i];

		if (!tu_str_eq(file_name(tea, &thing, format), call->path[2]))
			continue;
		tu_buf_init(&bytes, TU_DOCUMENT_MAX);
		status = tu_document_get(tea->w->tx, format->document_id, &bytes, NULL, err);
		if (status == TU_OK)
			tu_api_answer_buf(
				call, tu_media_known(format->media), &bytes, call->path[2]);
		tu_buf_done(&bytes);
		return status;
	}
	return status ? status : tu_tea_unknown(err);
}

/* ---- collections ---- */

static struct tu_str reason_of(const struct tu_offer_version *version)
{
	static const char *const names[] = {[TU_OFFER_INITIAL] = "INITIAL_RELEASE",
		[TU_OFFER_ADDED] = "ARTIFACT_ADDED",
		[TU_OFFER_UPDATED] = "ARTIFACT_UPDATED",
		[TU_OFFER_REMOVED] = "ARTIFACT_REMOVED"};

	if (version->reason == TU_OFFER_UPDATED &&
		tu_str_eq(version->item->type, TU_STR("vulnerabilities")))
		return TU_STR("VEX_UPDATED");
	return tu_str_c(names[version->reason]);
}

static void write_version(
	struct tu_tea *tea, enum tu_tea_kind kind, const struct tu_tea_thing *thing, size_t number)
{
	const struct tu_offer_version *version = &thing->release->versions[number - 1];

	tu_json_open_object(tea->json);
	tu_tea_member_uuid(tea, "uuid", kind, thing->release->row.public_id);
	tu_json_member_int(tea->json, "version", (int64_t)number);
	tu_tea_member_time(tea, "date", version->at);
	tu_json_member_str(tea->json, "belongsTo",
		kind == TU_TEA_PRODUCT ? TU_STR("PRODUCT_RELEASE") : TU_STR("COMPONENT_RELEASE"));
	tu_json_key(tea->json, "updateReason");
	tu_json_open_object(tea->json);
	tu_json_member_str(tea->json, "type", reason_of(version));
	tu_json_close_object(tea->json);
	tu_json_key(tea->json, "artifacts");
	tu_json_open_array(tea->json);
	for (size_t i = 0; i < thing->release->item_count; i++)
		if (tu_offer_has(version, &thing->release->items[i]))
			tu_tea_write_artifact(tea, thing, &thing->release->items[i]);
	tu_json_close_array(tea->json);
	tu_json_close_object(tea->json);
}

enum tu_status tu_tea_write_collection(struct tu_tea *tea, enum tu_tea_kind kind,
	const struct tu_tea_thing *thing, int64_t number, struct tu_error *err)
{
	size_t count = thing->release->version_count;

	if ((uint64_t)number > count)
		return tu_tea_unknown(err);
	write_version(tea, kind, thing, number ? (size_t)number : count);
	return TU_OK;
}

static enum tu_status read_one(
	struct tu_tea *tea, enum tu_tea_kind kind, bool latest, struct tu_error *err)
{
	struct tu_tea_thing thing;
	int64_t number = 0;
	enum tu_status status = latest ? TU_OK : tu_tea_number(tea, 1, &number, err);

	if (status == TU_OK)
		status = tu_tea_find_release(tea, kind, &thing, err);
	return status ? status : tu_tea_write_collection(tea, kind, &thing, number, err);
}

static enum tu_status read_all(struct tu_tea *tea, enum tu_tea_kind kind, struct tu_error *err)
{
	struct tu_tea_thing thing;
	enum tu_status status = tu_tea_find_release(tea, kind, &thing, err);

	if (status != TU_OK)
		return status;
	tu_json_open_array(tea->json);
	for (size_t i = thing.release->version_count; i > 0; i--)
		write_version(tea, kind, &thing, i);
	tu_json_close_array(tea->json);
	return TU_OK;
}

/* ---- the operations ---- */

TU_TEA_OPERATION(
	get_latest_collection_for_product_release, read_one(tea, TU_TEA_PRODUCT, true, err))
TU_TEA_OPERATION(get_collection_for_product_release, read_one(tea, TU_TEA_PRODUCT, false, err))
TU_TEA_OPERATION(get_collections_by_product_release_id, read_all(tea, TU_TEA_PRODUCT, err))
TU_TEA_OPERATION(get_latest_collection, read_one(tea, TU_TEA_COMPONENT, true, err))
TU_TEA_OPERATION(get_collection, read_one(tea, TU_TEA_COMPONENT, false, err))
TU_TEA_OPERATION(get_collections_by_release_id, read_all(tea, TU_TEA_COMPONENT, err))
TU_TEA_OPERATION(get_latest_artifact, read_artifact(tea, true, err))
TU_TEA_OPERATION(get_artifact_by_version, read_artifact(tea, false, err))
TU_TEA_OPERATION(download, read_document(tea, err))
