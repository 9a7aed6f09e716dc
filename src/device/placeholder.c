#include "device/placeholder.h"

size_t tu_device__placeholders(
	const struct tu_device *device, struct tu_placeholder out[TU_PLACEHOLDERS_MAX])
{
	const struct tu_manufacturer *maker = &device->manufacturer;
	const struct {
		const char *words; /* in any place of the value */
		struct tu_placeholder is;
	} rows[] = {
		{"Your company", {"manufacturer.name", maker->name, true}},
		{"your-company.example", {"manufacturer.namespace", maker->namespace_, true}},
		{"your-company.example", {"manufacturer.contact", maker->contact, true}},
		{"Your device", {"family", device->family, true}},
		{"Example Device", {"family", device->family, true}}, /* of earlier templates */
		{"What it is for, on whom, by whom.",
			{"intended_use", device->intended_use, false}},
		{"what must never happen and what must not stop",
			{"safety", device->safety, false}},
	};
	size_t count = 0;

	_Static_assert(TU_COUNT(rows) <= TU_PLACEHOLDERS_MAX, "room for every row");
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		if (tu_str_isearch(rows[i].is.value, tu_str_c(rows[i].words)) <
			rows[i].is.value.len)
			out[count++] = rows[i].is;
	return count;
}

bool tu_device__is_reserved(struct tu_str address)
{
	static const char *const reserved[] = {"example.com", "example.org", "example.net"};

	for (size_t i = 0; i < TU_COUNT(reserved); i++)
		if (tu_str_isearch(address, tu_str_c(reserved[i])) < address.len)
			return true;
	return false;
}
