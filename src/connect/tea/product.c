/* Devices and releases, and the same as the software in them. */
#include "connect/tea/tea.h"

/* ---- writing ---- */

static enum tu_status write_device(struct tu_tea *tea, const struct tu_tea_row *row,
	enum tu_tea_kind kind, struct tu_error *err)
{
	const struct tu_device_row *device = &row->model->device->row;
	struct tu_tea_identifiers identifiers;

	if (tu_tea_identifiers(tea, kind, row->model, NULL, &identifiers))
		return tu_no_memory(err);
	tu_json_open_object(tea->json);
	tu_tea_member_uuid(tea, "uuid", kind, device->public_id);
	tu_json_member_str(tea->json, "name",
		tu_tea_text(tea, "%.*s%s", TU_STR_FMT(device->title),
			kind == TU_TEA_COMPONENT ? " software" : ""));
	tu_tea_write_identifiers(tea, &identifiers);
	tu_json_close_object(tea->json);
	return TU_OK;
}

static void write_parts(struct tu_tea *tea, const struct tu_tea_row *row)
{
	tu_json_key(tea->json, "components");
	tu_json_open_array(tea->json);
	tu_json_open_object(tea->json);
	tu_tea_member_uuid(tea, "uuid", TU_TEA_COMPONENT, row->model->device->row.public_id);
	tu_tea_member_uuid(tea, "release", TU_TEA_COMPONENT, row->release->row.public_id);
	tu_json_close_object(tea->json);
	tu_json_close_array(tea->json);
}

static enum tu_status write_release(struct tu_tea *tea, const struct tu_tea_row *row,
	enum tu_tea_kind kind, struct tu_error *err)
{
	bool product = kind == TU_TEA_PRODUCT;
	const struct tu_device_row *device = &row->model->device->row;
	const struct tu_release_row *release = &row->release->row;
	struct tu_tea_identifiers identifiers;

	if (tu_tea_identifiers(tea, kind, row->model, row->release, &identifiers))
		return tu_no_memory(err);
	tu_json_open_object(tea->json);
	tu_tea_member_uuid(tea, "uuid", kind, release->public_id);
	tu_tea_member_uuid(tea, product ? "product" : "component", kind, device->public_id);
	tu_json_member_str(tea->json, product ? "productName" : "componentName",
		tu_tea_text(tea, "%.*s%s", TU_STR_FMT(device->title), product ? "" : " software"));
	tu_json_member_str(tea->json, "version", release->version);
	tu_tea_member_time(tea, "createdDate", row->release->versions[0].at);
	if (release->released)
		tu_tea_member_time(tea, "releaseDate", release->released * 1000000);
	tu_json_member_bool(tea->json, "preRelease", tu_str_eq(release->state, TU_STR("draft")));
	tu_tea_write_identifiers(tea, &identifiers);
	if (product)
		write_parts(tea, row);
	tu_json_close_object(tea->json);
	return TU_OK;
}

static enum tu_status write_product_row(
	struct tu_tea *tea, const struct tu_tea_row *row, struct tu_error *err)
{
	return write_device(tea, row, TU_TEA_PRODUCT, err);
}

static enum tu_status write_component_row(
	struct tu_tea *tea, const struct tu_tea_row *row, struct tu_error *err)
{
	return write_device(tea, row, TU_TEA_COMPONENT, err);
}

static enum tu_status write_product_release_row(
	struct tu_tea *tea, const struct tu_tea_row *row, struct tu_error *err)
{
	return write_release(tea, row, TU_TEA_PRODUCT, err);
}

static enum tu_status write_component_release_row(
	struct tu_tea *tea, const struct tu_tea_row *row, struct tu_error *err)
{
	return write_release(tea, row, TU_TEA_COMPONENT, err);
}

/* ---- lists ---- */

static const struct tu_tea_list products = {TU_TEA_PRODUCT, false, write_product_row};
static const struct tu_tea_list product_releases = {
	TU_TEA_PRODUCT, true, write_product_release_row};
static const struct tu_tea_list components = {TU_TEA_COMPONENT, false, write_component_row};
static const struct tu_tea_list component_releases = {
	TU_TEA_COMPONENT, true, write_component_release_row};

static enum tu_status list_all(
	struct tu_tea *tea, const struct tu_tea_list *list, struct tu_error *err)
{
	enum tu_status status = tu_tea_load_all(tea, err);

	return status ? status : tu_tea_page(tea, list, err);
}

/* Those of one device. */
static enum tu_status read_releases_of_product(struct tu_tea *tea, struct tu_error *err)
{
	struct tu_tea_thing thing;
	enum tu_status status = tu_tea_find_device(tea, TU_TEA_PRODUCT, &thing, err);

	return status ? status : tu_tea_page(tea, &product_releases, err);
}

static enum tu_status read_releases_of_component(struct tu_tea *tea, struct tu_error *err)
{
	struct tu_tea_thing thing;
	struct tu_tea_model model;
	enum tu_status status = tu_tea_find_device(tea, TU_TEA_COMPONENT, &thing, err);

	if (status == TU_OK)
		status = tu_tea_model(tea, thing.device, &model, err);
	tu_json_open_array(tea->json);
	for (size_t i = 0; status == TU_OK && i < thing.device->release_count; i++) {
		size_t newest = thing.device->release_count - 1 - i;
		const struct tu_tea_row row = {&model, &thing.device->releases[newest]};

		status = write_release(tea, &row, TU_TEA_COMPONENT, err);
	}
	tu_json_close_array(tea->json);
	return status;
}

/* ---- one ---- */

static enum tu_status read_device(struct tu_tea *tea, enum tu_tea_kind kind, struct tu_error *err)
{
	struct tu_tea_thing thing;
	struct tu_tea_model model;
	const struct tu_tea_row row = {&model, NULL};
	enum tu_status status = tu_tea_find_device(tea, kind, &thing, err);

	if (status == TU_OK)
		status = tu_tea_model(tea, thing.device, &model, err);
	return status ? status : write_device(tea, &row, kind, err);
}

static enum tu_status open_release(struct tu_tea *tea, enum tu_tea_kind kind,
	struct tu_tea_thing *thing, struct tu_tea_model *model, struct tu_error *err)
{
	enum tu_status status = tu_tea_find_release(tea, kind, thing, err);

	return status ? status : tu_tea_model(tea, thing->device, model, err);
}

static enum tu_status read_product_release(struct tu_tea *tea, struct tu_error *err)
{
	struct tu_tea_thing thing;
	struct tu_tea_model model;
	enum tu_status status = open_release(tea, TU_TEA_PRODUCT, &thing, &model, err);
	const struct tu_tea_row row = {&model, thing.release};

	return status ? status : write_release(tea, &row, TU_TEA_PRODUCT, err);
}

static enum tu_status read_component_release(struct tu_tea *tea, struct tu_error *err)
{
	struct tu_tea_thing thing;
	struct tu_tea_model model;
	enum tu_status status = open_release(tea, TU_TEA_COMPONENT, &thing, &model, err);
	const struct tu_tea_row row = {&model, thing.release};

	if (status != TU_OK)
		return status;
	tu_json_open_object(tea->json);
	tu_json_key(tea->json, "release");
	status = write_release(tea, &row, TU_TEA_COMPONENT, err);
	tu_json_key(tea->json, "latestCollection");
	if (status == TU_OK)
		status = tu_tea_write_collection(tea, TU_TEA_COMPONENT, &thing, 0, err);
	tu_json_close_object(tea->json);
	return status;
}

/* ---- the operations ---- */

TU_TEA_OPERATION(query_tea_products, list_all(tea, &products, err))
TU_TEA_OPERATION(query_tea_product_releases, list_all(tea, &product_releases, err))
TU_TEA_OPERATION(query_tea_components, list_all(tea, &components, err))
TU_TEA_OPERATION(query_tea_component_releases, list_all(tea, &component_releases, err))
TU_TEA_OPERATION(get_tea_product_by_uuid, read_device(tea, TU_TEA_PRODUCT, err))
TU_TEA_OPERATION(get_releases_by_product_id, read_releases_of_product(tea, err))
TU_TEA_OPERATION(get_tea_product_release_by_uuid, read_product_release(tea, err))
TU_TEA_OPERATION(get_tea_component_by_id, read_device(tea, TU_TEA_COMPONENT, err))
TU_TEA_OPERATION(get_releases_by_component_id, read_releases_of_component(tea, err))
TU_TEA_OPERATION(get_component_release_by_id, read_component_release(tea, err))
