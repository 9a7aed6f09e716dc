/* What is known of a signal, as a CNA asks for it. */
#include "api/inside.h"
#include "api/signals.h"
#include "portfolio/case_list.h"
#include "portfolio/device.h"
#include "service/service.h"
#include "vex/cve_request.h"

struct asking {
	struct tu_api_call *call;
	struct tu_signal_row row;
	struct tu_cve_request request;
	struct tu_case_releases releases; /* as the case has them */
	TU_VEC(struct tu_cve_product) products;
	TU_VEC(struct tu_reference) references;
	TU_VEC(struct tu_str) cwes;
	TU_VEC(struct tu_score) scores;
};

/* What the case says of a release; of one that it does not have nothing is known. */
static enum tu_cve_status status_of(
	const struct asking *a, struct tu_str device, struct tu_str release)
{
	for (size_t i = 0; i < a->releases.list.count; i++) {
		const struct tu_case_release *one = &a->releases.list.at[i];

		if (!tu_str_eq(one->device, device) || !tu_str_eq(one->release, release))
			continue;
		if (tu_str_eq(one->state, TU_STR("affected")))
			return TU_CVE_AFFECTED;
		return tu_str_eq(one->state, TU_STR("not affected")) ||
				tu_str_eq(one->state, TU_STR("fixed"))
			? TU_CVE_UNAFFECTED
			: TU_CVE_UNKNOWN;
	}
	return TU_CVE_UNKNOWN;
}

static enum tu_status add_device(
	struct tu_work *w, struct asking *a, struct tu_str name, struct tu_error *err)
{
	struct tu_device_row row;
	const struct tu_device *model;
	struct tu_cve_version *versions;
	struct tu_cve_product product = {0};
	enum tu_status status = tu_device_find(w, name, &row, err);

	if (status == TU_OK)
		status = tu_device_load(w, &row, &model, NULL, err);
	if (status != TU_OK)
		return status;
	versions = tu_arena_array(w->arena, model->release_count, sizeof(*versions));
	if (!versions)
		return tu_no_memory(err);
	for (size_t i = 0; i < model->release_count; i++)
		versions[i] = (struct tu_cve_version){
			model->releases[i].version, status_of(a, name, model->releases[i].version)};
	product.vendor = model->manufacturer.name;
	product.product = model->family;
	product.versions = versions;
	product.version_count = model->release_count;
	return TU_VEC_PUSH_IN(w->arena, &a->products, product) ? TU_OK : tu_no_memory(err);
}

/* What the knowledge base says of the vulnerability. */
static bool add_known(struct tu_work *w, struct asking *a, struct tu_str vuln)
{
	const struct tu_kb *kb = a->call->kb->kb;
	uint32_t index = tu_kb_find(kb, vuln);
	uint32_t records = index == TU_KB_NONE ? 0 : tu_kb_vulnerability(kb, index).advisories;
	bool ok = true;

	for (uint32_t i = 0; ok && i < records; i++) {
		uint32_t record = tu_kb_record(kb, index, i);
		const struct tu_kb_advisory advisory = tu_kb_advisory(kb, record);

		for (uint32_t k = 0; ok && k < advisory.cwes; k++)
			ok = TU_VEC_PUSH_IN(w->arena, &a->cwes, tu_kb_cwe(kb, record, k));
		for (uint32_t k = 0; ok && k < advisory.scores; k++)
			ok = TU_VEC_PUSH_IN(w->arena, &a->scores, tu_kb_score(kb, record, k));
		for (uint32_t k = 0; ok && k < advisory.references; k++)
			ok = TU_VEC_PUSH_IN(
				w->arena, &a->references, tu_kb_reference(kb, record, k));
	}
	return ok;
}

static enum tu_status add_case(
	struct tu_work *w, struct asking *a, struct tu_str public_id, struct tu_error *err)
{
	struct tu_case_row row;
	enum tu_status status = tu_case_find_in(w, public_id, &a->call->who.scope, &row, err);

	if (status == TU_OK)
		status = tu_case_releases(w, &row, &a->releases, err);
	for (size_t i = 0; status == TU_OK && i < row.parts.list.count; i++)
		status = add_device(w, a, row.parts.list.at[i].device, err);
	if (status == TU_OK && !add_known(w, a, row.vuln))
		status = tu_no_memory(err);
	if (status == TU_OK)
		a->request.id = row.vuln;
	return status;
}

static enum tu_status write_request(struct tu_work *w, void *self, struct tu_error *err)
{
	struct asking *a = self;
	struct tu_signals_seen seen = {0};
	const struct tu_signal_seen *one;
	enum tu_status status = tu_api_signal_find(w, a->call, &a->row, err);

	*a = (struct asking){.call = a->call, .row = a->row}; /* it may be run again */
	if (status == TU_OK)
		status = tu_signal_look(w, &a->call->who.scope, a->row.id, &seen, err);
	if (status != TU_OK || seen.list.count != 1)
		return status ? status : tu_api_unknown(err, "signal");
	one = &seen.list.at[0];
	if (one->case_public.len)
		status = add_case(w, a, one->case_public, err);
	else if (one->device.len)
		status = add_device(w, a, one->device, err);
	if (status != TU_OK)
		return status;
	a->request.title = one->title;
	a->request.credit = one->credit;
	a->request.reporter = one->reporter;
	a->request.products = a->products.at;
	a->request.product_count = a->products.count;
	a->request.references = a->references.at;
	a->request.reference_count = a->references.count;
	a->request.cwes = a->cwes.at;
	a->request.cwe_count = a->cwes.count;
	a->request.scores = a->scores.at;
	a->request.score_count = a->scores.count;
	tu_api__answer_begin(a->call);
	tu_cve_request_write(&a->request, tu_api_json(a->call));
	return TU_OK;
}

enum tu_status tu_api_get_signal_cve(struct tu_api_call *call, struct tu_error *err)
{
	struct asking asking = {.call = call};
	enum tu_status status = tu_api_kb(call, err);

	return status ? status : tu_api_read(call, write_request, &asking, err);
}
