/* What identifies a device and its releases, and what an identifier leads to. */
#include "connect/tea/tea.h"
#include "ident/udi.h"

/* ---- domains ---- */

/* A name that others can ask for: no address, and not only this machine's. */
static bool is_public_name(struct tu_str host)
{
	bool letters = false;

	for (size_t i = 0; i < host.len; i++)
		letters |= tu_char_is_alpha(host.ptr[i]);
	return letters && tu_tei_is_domain(host) && tu_str_find(host, '.') < host.len &&
		!tu_str_ends(host, TU_STR(".localhost"));
}

enum tu_status tu_tea_model(struct tu_tea *tea, const struct tu_offer_device *device,
	struct tu_tea_model *out, struct tu_error *err)
{
	enum tu_status status;

	*out = (struct tu_tea_model){.device = device};
	status = tu_device_load(tea->w, &device->row, &out->model, NULL, err);
	if (status != TU_OK)
		return status;
	out->maker = tu_tei_domain_of(out->model->manufacturer.namespace_);
	out->domain = is_public_name(tea->host) || !out->maker.len ? tea->host : out->maker;
	return TU_OK;
}

/* ---- what an identifier leads to ---- */

static bool is_udi(const struct tu_tei *tei)
{
	return tei->type == TU_TEI_UDI || tei->type == TU_TEI_GTIN || tei->type == TU_TEI_EANUPC;
}

static bool is_ours(
	const struct tu_tea *tea, const struct tu_tei *tei, const struct tu_tea_model *of)
{
	return tu_str_ieq(tei->domain, tea->host) ||
		(of->maker.len && tu_str_ieq(tei->domain, of->maker));
}

static const struct tu_release *release_of(
	const struct tu_tea_model *of, const struct tu_offer_release *release)
{
	size_t at = tu_device_release(of->model, release->row.version);

	return at == TU_NO_RELEASE ? NULL : &of->model->releases[at];
}

/* Is a release for a variant? None named: for all. */
static bool is_for(const struct tu_release *release, struct tu_str variant)
{
	for (size_t i = 0; i < release->variants.count; i++)
		if (tu_str_eq(release->variants.at[i], variant))
			return true;
	return release->variants.count == 0;
}

static bool leads_by_udi(const struct tu_tei *tei, const struct tu_tea_model *of,
	const struct tu_offer_release *release)
{
	const struct tu_release *stated = release_of(of, release);
	struct tu_str software = tu_udi_software(tei->id);

	if (!stated || (software.len && !tu_str_eq(software, release->row.version)))
		return false;
	for (size_t i = 0; i < of->model->variant_count; i++)
		if (is_for(stated, of->model->variants[i].name) &&
			tu_udi_same(of->model->variants[i].udi_di, tei->id))
			return true;
	return false;
}

bool tu_tea_leads_to(const struct tu_tea *tea, const struct tu_tei *tei,
	const struct tu_tea_model *of, const struct tu_offer_release *release)
{
	const struct tu_release *stated = release_of(of, release);
	struct tu_str uuid = tu_str_c(tei->uuid);

	if (!is_ours(tea, tei, of))
		return false;
	if (is_udi(tei))
		return leads_by_udi(tei, of, release);
	if (tei->type == TU_TEI_PURL)
		return stated && stated->purl.len && tu_str_eq(stated->purl, tei->id);
	return uuid.len &&
		(tu_str_eq(uuid, of->device->row.public_id) ||
			tu_str_eq(uuid, release->row.public_id));
}

bool tu_tea_may_lead(
	const struct tu_tea *tea, const struct tu_tei *tei, const struct tu_offer_device *device)
{
	struct tu_str uuid = tu_str_c(tei->uuid);

	for (size_t i = 0; is_udi(tei) && i < tea->udis.list.count; i++)
		if (tea->udis.list.at[i].device_id == device->row.id &&
			tu_udi_same(tea->udis.list.at[i].udi, tei->id))
			return true;
	for (size_t i = 0; uuid.len && i < device->release_count; i++)
		if (tu_str_eq(uuid, device->releases[i].row.public_id))
			return true;
	return tei->type == TU_TEI_PURL || (uuid.len && tu_str_eq(uuid, device->row.public_id));
}

/* ---- identifiers ---- */

struct listing {
	struct tu_tea *tea;
	const struct tu_tea_model *of;
	struct tu_tea_identifiers *out;
};

static bool add(struct listing *l, const char *type, struct tu_str value)
{
	return !value.len ||
		TU_VEC_PUSH_IN(
			l->tea->w->arena, &l->out->list, (struct tu_tea_identifier){type, value});
}

static bool add_tei(struct listing *l, enum tu_tei_type type, struct tu_str id)
{
	return add(l, "TEI",
		tu_tea_text(l->tea, "urn:tei:%s:%.*s:%.*s", tu_tei_type_name(type),
			TU_STR_FMT(l->of->domain), TU_STR_FMT(id)));
}

static bool add_uuid(struct listing *l, struct tu_str public_id)
{
	char text[TU_UUID_TEXT];
	struct tu_buf out = {.ptr = text, .cap = sizeof(text), .ceiling = sizeof(text)};

	tu_uuid_write(public_id, &out);
	return add_tei(l, TU_TEI_UUID, tu_buf_str(&out));
}

/* Those with which a client comes back here: what is no sound identifier leads nowhere. */
static bool add_udis(struct listing *l, const struct tu_release *stated)
{
	const struct tu_device *model = l->of->model;

	for (size_t i = 0; i < model->variant_count; i++) {
		const struct tu_variant *variant = &model->variants[i];

		if (!variant->udi_di.len || (stated && !is_for(stated, variant->name)) ||
			tu_udi_judge(variant->udi_di).fault != TU_UDI_SOUND)
			continue;
		if (!add_tei(l, TU_TEI_UDI, variant->udi_di))
			return false;
	}
	return true;
}

enum tu_status tu_tea_identifiers(struct tu_tea *tea, enum tu_tea_kind kind,
	const struct tu_tea_model *of, const struct tu_offer_release *release,
	struct tu_tea_identifiers *out)
{
	struct listing l = {tea, of, out};
	const struct tu_release *stated = release ? release_of(of, release) : NULL;
	bool kept = true;

	*out = (struct tu_tea_identifiers){0};
	if (kind == TU_TEA_PRODUCT)
		kept = add_uuid(&l, release ? release->row.public_id : of->device->row.public_id) &&
			add_udis(&l, stated);
	if (kept && stated)
		kept = add(&l, "CPE", stated->cpe) && add(&l, "PURL", stated->purl);
	return kept ? TU_OK : TU_E_NOMEM;
}

void tu_tea_write_identifiers(struct tu_tea *tea, const struct tu_tea_identifiers *of)
{
	tu_json_key(tea->json, "identifiers");
	tu_json_open_array(tea->json);
	for (size_t i = 0; i < of->list.count; i++) {
		tu_json_open_object(tea->json);
		tu_json_member_str(tea->json, "idType", tu_str_c(of->list.at[i].type));
		tu_json_member_str(tea->json, "idValue", of->list.at[i].value);
		tu_json_close_object(tea->json);
	}
	tu_json_close_array(tea->json);
}
