/* From the domain to the API, and from an identifier to releases. */
#include "connect/tea/tea.h"

static void write_server(struct tu_tea *tea, const char *url)
{
	tu_json_open_object(tea->json);
	tu_json_member_str(
		tea->json, url, tu_tea_text(tea, "%.*s" TU_TEA_ROOT, TU_STR_FMT(tea->site)));
	tu_json_key(tea->json, "versions");
	tu_json_open_array(tea->json);
	tu_json_add_str(tea->json, TU_STR(TU_TEA_VERSION));
	tu_json_close_array(tea->json);
	tu_json_member_int(tea->json, "priority", 1);
	tu_json_close_object(tea->json);
}

static enum tu_status read_well_known(struct tu_tea *tea, struct tu_error *err)
{
	(void)err;
	tu_json_open_object(tea->json);
	tu_json_member_int(tea->json, "schemaVersion", 1);
	tu_json_key(tea->json, "endpoints");
	tu_json_open_array(tea->json);
	write_server(tea, "url");
	tu_json_close_array(tea->json);
	tu_json_close_object(tea->json);
	return TU_OK;
}

/* ---- identifiers ---- */

static void write_found(struct tu_tea *tea, const struct tu_offer_release *release)
{
	tu_json_open_object(tea->json);
	tu_tea_member_uuid(tea, "productReleaseUuid", TU_TEA_PRODUCT, release->row.public_id);
	tu_json_key(tea->json, "servers");
	tu_json_open_array(tea->json);
	write_server(tea, "rootUrl");
	tu_json_close_array(tea->json);
	tu_json_close_object(tea->json);
}

/* The newest first. */
static enum tu_status find_of(struct tu_tea *tea, const struct tu_tei *tei,
	const struct tu_offer_device *device, size_t *count, struct tu_error *err)
{
	struct tu_tea_model model;
	enum tu_status status;

	if (!tu_tea_may_lead(tea, tei, device))
		return TU_OK;
	status = tu_tea_model(tea, device, &model, err);
	for (size_t i = device->release_count; status == TU_OK && i > 0; i--) {
		if (!tu_tea_leads_to(tea, tei, &model, &device->releases[i - 1]))
			continue;
		write_found(tea, &device->releases[i - 1]);
		++*count;
	}
	return status;
}

static enum tu_status read_discovery(struct tu_tea *tea, struct tu_error *err)
{
	struct tu_tei tei;
	size_t count = 0;
	enum tu_status status = tu_tei_read(tu_api_query(tea->call, "tei"), &tei, err);

	if (status == TU_E_USAGE)
		tea->call->problem.type = TU_PROBLEM_BAD_REQUEST;
	if (status == TU_OK)
		status = tu_tea_load_all(tea, err);
	if (status != TU_OK)
		return status;
	tu_json_open_array(tea->json);
	for (size_t i = 0; status == TU_OK && i < tea->offers.count; i++)
		status = find_of(tea, &tei, &tea->offers.at[i], &count, err);
	tu_json_close_array(tea->json);
	return status || count ? status : tu_tea_unknown(err);
}

enum tu_status tu_tea_get_well_known(struct tu_api_call *call, struct tu_error *err)
{
	return tu_tea_answer(call, read_well_known, err);
}

enum tu_status tu_tea_get_root(struct tu_api_call *call, struct tu_error *err)
{
	return tu_tea_answer(call, read_well_known, err);
}

enum tu_status tu_tea_discovery_by_tei(struct tu_api_call *call, struct tu_error *err)
{
	return tu_tea_answer(call, read_discovery, err);
}
