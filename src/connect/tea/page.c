/* Lists: of devices or releases that an identifier names, a page of them. */
#include "connect/tea/tea.h"

struct paging {
	struct tu_tea *tea;
	const struct tu_tea_list *list;
	const char *type; /* of the identifier that is asked for; NULL: any */
	struct tu_str value; /* ptr NULL: none is asked for */
	struct tu_tei tei; /* of a value that is one */
	bool is_tei;
	int64_t offset, size;
	int64_t total;
};

/* ---- what is asked for ---- */

static enum tu_status take_query(struct paging *p, struct tu_error *err)
{
	struct tu_api_call *call = p->tea->call;
	struct tu_str type = tu_api_query(call, "idType");
	struct tu_error ignored = {0};

	p->offset = tu_api_query_int(call, "pageOffset", 0);
	p->size = tu_api_query_int(call, "pageSize", 100);
	p->value = tu_api_query(call, "idValue");
	if (type.len) {
		struct tu_str copy = tu_tea_text(p->tea, "%.*s", TU_STR_FMT(type));

		if (!copy.len)
			return tu_no_memory(err);
		p->type = copy.ptr;
	}
	p->is_tei = p->value.len && (!p->type || strcmp(p->type, "TEI") == 0) &&
		tu_tei_read(p->value, &p->tei, &ignored) == TU_OK;
	return TU_OK;
}

static bool is_asked_for(const struct paging *p, const struct tu_tea_identifiers *identifiers)
{
	for (size_t i = 0; i < identifiers->list.count; i++) {
		const struct tu_tea_identifier *one = &identifiers->list.at[i];

		if ((!p->type || strcmp(p->type, one->type) == 0) &&
			(!p->value.len || tu_str_eq(p->value, one->value)))
			return true;
	}
	return false;
}

/* An identifier of the device in other words, such as a UDI with production identifiers. */
static bool is_led_to(const struct paging *p, const struct tu_tea_row *row)
{
	const struct tu_offer_device *device = row->model->device;

	if (!p->is_tei || p->list->kind != TU_TEA_PRODUCT)
		return false;
	for (size_t i = 0; i < device->release_count; i++)
		if ((!row->release || row->release == &device->releases[i]) &&
			tu_tea_leads_to(p->tea, &p->tei, row->model, &device->releases[i]))
			return true;
	return false;
}

static enum tu_status is_wanted(
	struct paging *p, const struct tu_tea_row *row, bool *out, struct tu_error *err)
{
	struct tu_tea_identifiers identifiers;

	*out = true;
	if (!p->type && !p->value.len)
		return TU_OK;
	if (tu_tea_identifiers(p->tea, p->list->kind, row->model, row->release, &identifiers))
		return tu_no_memory(err);
	*out = is_asked_for(p, &identifiers) || is_led_to(p, row);
	return TU_OK;
}

/* ---- rows ---- */

static enum tu_status take_row(struct paging *p, const struct tu_tea_row *row, struct tu_error *err)
{
	bool wanted;
	int64_t place;
	enum tu_status status = is_wanted(p, row, &wanted, err);

	if (status != TU_OK || !wanted)
		return status;
	place = p->total++;
	if (place < p->offset || place - p->offset >= p->size)
		return TU_OK;
	return p->list->write(p->tea, row, err);
}

/* Without an identifier only the rows of the page are read. */
static bool is_skipped(const struct paging *p)
{
	return !p->type && !p->value.len &&
		(p->total < p->offset || p->total - p->offset >= p->size);
}

static enum tu_status take_device(
	struct paging *p, const struct tu_offer_device *device, struct tu_error *err)
{
	size_t count = p->list->releases ? device->release_count : 1;
	struct tu_tea_model model;
	bool read = false;
	enum tu_status status = TU_OK;

	for (size_t i = 0; status == TU_OK && i < count; i++) {
		const struct tu_tea_row row = {
			&model, p->list->releases ? &device->releases[count - 1 - i] : NULL};

		if (is_skipped(p)) {
			p->total++;
			continue;
		}
		if (!read)
			status = tu_tea_model(p->tea, device, &model, err);
		read = true;
		if (status == TU_OK)
			status = take_row(p, &row, err);
	}
	return status;
}

enum tu_status tu_tea_page(struct tu_tea *tea, const struct tu_tea_list *list, struct tu_error *err)
{
	struct paging p = {.tea = tea, .list = list};
	enum tu_status status = take_query(&p, err);

	tu_json_open_object(tea->json);
	tu_tea_member_time(tea, "timestamp", tea->call->now);
	tu_json_member_int(tea->json, "pageStartIndex", p.offset);
	tu_json_member_int(tea->json, "pageSize", p.size);
	tu_json_key(tea->json, "results");
	tu_json_open_array(tea->json);
	for (size_t i = 0; status == TU_OK && i < tea->offers.count; i++)
		status = take_device(&p, &tea->offers.at[i], err);
	tu_json_close_array(tea->json);
	tu_json_member_int(tea->json, "totalResults", p.total);
	tu_json_close_object(tea->json);
	return status;
}
