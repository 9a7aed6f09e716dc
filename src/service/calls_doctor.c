/* doctor: with what the portfolio knows. */
#include "datadir/doctor.h"
#include "portfolio/provider.h"
#include "service/calls.h"

/* CSAF: one publisher in the provider's metadata, another one in documents. */
static enum tu_status check_publisher(struct tu_work *w, void *self, struct tu_error *err)
{
	static const char advice[] =
		"readers take the publisher of the metadata and that of documents for one: change "
		"device.yaml, or PUT /v1/settings/csaf-provider";
	struct tu_doctor *doctor = self;
	struct tu_provider_warnings warnings;
	struct tu_provider_setting setting;
	enum tu_status status = tu_provider_read(w, &setting, err);

	if (!status)
		status = tu_provider_warnings(w, &setting, &warnings, err);
	if (status)
		return status;
	for (size_t i = 0; i < warnings.list.count; i++)
		tu_doctor_add(doctor, "publisher", tu_doctor_says(TU_DOCTOR_WARNING, advice),
			"%.*s", TU_STR_FMT(warnings.list.at[i]));
	if (!warnings.list.count)
		tu_doctor_add(doctor, "publisher", tu_doctor_says(TU_DOCTOR_FINE, ""), "%s",
			setting.on ? "devices and the provider of CSAF name the same one"
				   : "no provider of CSAF is set");
	return TU_OK;
}

static enum tu_status run_doctor(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	const struct tu_act act = {.at = tu_datadir_now(dir), .actor = TU_STR("program:admin")};
	struct tu_store *store;
	struct tu_doctor doctor;
	struct tu_error own = {0};
	enum tu_status status = tu_doctor_run(dir, &doctor, err), looked;

	(void)in;
	if (status)
		return status;
	if (doctor.has_database) {
		looked = tu_datadir_store(dir, &store, &own);
		if (!looked)
			looked = tu_work_read(store, &act, check_publisher, &doctor, &own);
		if (looked)
			tu_doctor_add(&doctor, "publisher",
				tu_doctor_says(TU_DOCTOR_WARNING, "look at what is said"), "%s",
				own.message);
	}
	tu_doctor_write(&doctor, out_answer);
	return TU_OK;
}

static const struct tu_call rows[] = {{"doctor", false, run_doctor}};

const struct tu_call_table tu_doctor_calls = {rows, TU_COUNT(rows)};
