/* Words for the model's enumerations. */
#include <tutela/sbom.h>

const char *tu_sbom_format_name(enum tu_sbom_format format)
{
	static const char *const names[] = {
		[TU_SBOM_UNKNOWN] = "unknown",
		[TU_SBOM_CYCLONEDX_JSON] = "CycloneDX JSON",
		[TU_SBOM_SPDX_JSON] = "SPDX JSON",
		[TU_SBOM_CYCLONEDX_XML] = "CycloneDX XML",
		[TU_SBOM_SPDX_TAG_VALUE] = "SPDX tag-value",
		[TU_SBOM_SPDX_YAML] = "SPDX YAML",
		[TU_SBOM_SPDX_RDF] = "SPDX RDF/XML",
		[TU_SBOM_SPDX3_JSON] = "SPDX 3 JSON-LD",
		[TU_SBOM_SWID] = "SWID tag",
		[TU_SBOM_YOCTO_SPDX] = "Yocto SPDX archive",
		[TU_SBOM_YOCTO_CVE_CHECK] = "Yocto cve-check JSON",
		[TU_SBOM_BUILDROOT_PKG_STATS] = "Buildroot pkg-stats JSON",
		[TU_SBOM_BUILDROOT_SHOW_INFO] = "Buildroot show-info JSON",
		[TU_SBOM_DPKG_STATUS] = "dpkg status",
		[TU_SBOM_APK_INSTALLED] = "apk installed",
		[TU_SBOM_ROOTFS] = "root file system",
	};

	return names[format];
}

const char *tu_component_kind_name(enum tu_component_kind kind)
{
	static const char *const names[] = {
		[TU_KIND_UNKNOWN] = "",
		[TU_KIND_APPLICATION] = "application",
		[TU_KIND_FRAMEWORK] = "framework",
		[TU_KIND_LIBRARY] = "library",
		[TU_KIND_CONTAINER] = "container",
		[TU_KIND_OPERATING_SYSTEM] = "operating-system",
		[TU_KIND_DEVICE] = "device",
		[TU_KIND_FIRMWARE] = "firmware",
		[TU_KIND_FILE] = "file",
		[TU_KIND_PLATFORM] = "platform",
		[TU_KIND_DEVICE_DRIVER] = "device-driver",
		[TU_KIND_MODEL] = "machine-learning-model",
		[TU_KIND_DATA] = "data",
		[TU_KIND_CRYPTOGRAPHIC_ASSET] = "cryptographic-asset",
		[TU_KIND_SOURCE] = "source",
		[TU_KIND_ARCHIVE] = "archive",
		[TU_KIND_INSTALL] = "install",
		[TU_KIND_OTHER] = "other",
	};

	return names[kind];
}

struct tu_str tu_component_property(const struct tu_component *component, struct tu_str name)
{
	for (size_t i = 0; i < component->property_count; i++) {
		if (tu_str_eq(component->properties[i].name, name))
			return component->properties[i].value;
	}
	return (struct tu_str){"", 0};
}

/* The root's own lists first, then the nested ones: deepest last. Nesting is bounded by the
 * reader's limit on depth. */
static void add_number(struct tu_buf *out, uint32_t number)
{
	char digits[10];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	tu_buf_add(out, digits + at, sizeof(digits) - at);
}

void tu_component_pointer(const struct tu_inventory *inventory,
	const struct tu_component *component, struct tu_buf *out)
{
	bool nested = component->parent != TU_NO_COMPONENT;

	if (nested)
		tu_component_pointer(inventory, &inventory->components[component->parent], out);
	else
		tu_buf_str_add(out, inventory->root);
	if (component->ordinal == TU_NO_COMPONENT) {
		tu_buf_c(out, "/metadata/component");
		return;
	}
	tu_buf_byte(out, '/');
	tu_buf_str_add(out, nested ? TU_STR("components") : inventory->list);
	tu_buf_byte(out, '/');
	add_number(out, component->ordinal);
}
