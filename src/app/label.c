#include "app/label.h"

#include "base/percent.h"
#include "ident/tei.h"
#include "ident/udi.h"

enum { TEXT_MAX = 8192 };

static enum tu_status find_variant(
	const struct tu_label *label, const struct tu_variant **out, struct tu_error *err)
{
	const struct tu_device *device = label->device;

	*out = NULL;
	for (size_t i = 0; i < device->variant_count; i++) {
		const struct tu_variant *one = &device->variants[i];

		if (label->variant.len ? !tu_str_eq(one->name, label->variant) : !one->udi_di.len)
			continue;
		if (*out)
			return tu_fail(err, TU_E_USAGE, 0,
				"name the variant: %.*s and %.*s have an identifier",
				TU_STR_FMT((*out)->name), TU_STR_FMT(one->name));
		*out = one;
	}
	if (*out && (*out)->udi_di.len)
		return TU_OK;
	if (label->variant.len)
		return tu_fail(err, TU_E_USAGE, 0,
			*out ? "variant %.*s has no udi_di" : "there is no variant %.*s",
			TU_STR_FMT(label->variant));
	return tu_fail(err, TU_E_USAGE, 0, "no variant of the device has a udi_di");
}

static bool has_release(const struct tu_device *device, struct tu_str version)
{
	for (size_t i = 0; i < device->release_count; i++)
		if (tu_str_eq(device->releases[i].version, version))
			return true;
	return false;
}

/* The identifier, with the version of a release where it can say one. */
static enum tu_status write_id(const struct tu_label *label, const struct tu_variant *variant,
	struct tu_buf *out, struct tu_error *err)
{
	enum { GTIN = 14, AI_MAX = 20 }; /* GS1 General Specifications: (01), (8012) */
	struct tu_udi udi = tu_udi_judge(variant->udi_di);

	if (udi.fault != TU_UDI_SOUND)
		return tu_fail(err, TU_E_USAGE, 0,
			"the udi_di of variant %.*s is not sound: see \"tutela device check\"",
			TU_STR_FMT(variant->name));
	if (!label->release.len) {
		tu_buf_str_add(out, udi.di.len ? udi.di : variant->udi_di);
		return TU_OK;
	}
	if (!has_release(label->device, label->release))
		return tu_fail(
			err, TU_E_USAGE, 0, "there is no release %.*s", TU_STR_FMT(label->release));
	if (udi.agency != TU_UDI_GS1 || label->release.len > AI_MAX)
		return tu_fail(err, TU_E_USAGE, 0,
			"only a UDI of GS1 says a version, of up to 20 characters");
	tu_buf_printf(out, "(01)%.*s%.*s(8012)%.*s", (int)(GTIN - udi.di.len), "000000",
		TU_STR_FMT(udi.di), TU_STR_FMT(label->release));
	return TU_OK;
}

static enum tu_status write_tei(
	const struct tu_label *label, struct tu_buf *out, struct tu_error *err)
{
	struct tu_str domain = label->domain.len
		? label->domain
		: tu_tei_domain_of(label->device->manufacturer.namespace_);
	const struct tu_variant *variant;
	char room[256];
	struct tu_buf id = {.ptr = room, .cap = sizeof(room), .ceiling = sizeof(room) - 1};
	enum tu_status status = find_variant(label, &variant, err);

	if (status == TU_OK && !tu_tei_is_domain(domain))
		return tu_fail(err, TU_E_USAGE, 0,
			"name the domain: the maker's namespace is no address of one");
	if (status == TU_OK)
		status = write_id(label, variant, &id, err);
	if (status != TU_OK)
		return status;
	if (id.failed)
		return tu_fail(err, TU_E_USAGE, 0, "the identifier is too long");
	if (label->address) {
		tu_buf_printf(out, "https://%.*s/tea/v0.4.0/discovery?tei=urn:tei:udi:%.*s:",
			TU_STR_FMT(domain), TU_STR_FMT(domain));
		tu_percent_add(tu_buf_str(&id), TU_STR("-._~:()"), out);
	} else {
		tu_tei_write(TU_TEI_UDI, domain, tu_buf_str(&id), out);
	}
	return TU_OK;
}

enum tu_status tu_label_text(const struct tu_label *label, struct tu_arena *arena,
	struct tu_str *out_text, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, TEXT_MAX);
	status = write_tei(label, &text, err);
	if (status == TU_OK && (text.failed || !tu_arena_dup(arena, tu_buf_str(&text), out_text)))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	return status;
}
