#include "match/kernel_config.h"

#include "base/any.h"

#define OPTIONS_BYTES_MAX ((size_t)64 << 20)

enum { NUMBER_MAX = 9999, WHOLE_MENTIONS = 300 };

/* Lines that only a configuration of a build has: a defconfig, which leaves out what is at its
 * default, never states its compiler. Other options that begin with CC_ are a person's choice. */
static bool shows_a_build(struct tu_str line)
{
	static const struct tu_str beginnings[] = {TU_STR_INIT("CONFIG_CC_VERSION_TEXT="),
		TU_STR_INIT("CONFIG_CC_IS_GCC=y"), TU_STR_INIT("CONFIG_CC_IS_CLANG=y"),
		TU_STR_INIT("CONFIG_GCC_VERSION="), TU_STR_INIT("CONFIG_CLANG_VERSION=")};

	return tu_str_starts_any(line, beginnings, TU_COUNT(beginnings));
}

/* "# Linux/arm64 6.6.20 Kernel Configuration", as make writes it. */
static bool read_header(struct kernel_config *config, struct tu_str line)
{
	struct tu_str word;

	if (!tu_str_skip(&line, TU_STR("# Linux/")) ||
		!tu_str_ends(line, TU_STR(" Kernel Configuration")))
		return false;
	(void)tu_str_split(&line, ' ', &word);
	(void)tu_str_split(&line, ' ', &word);
	config->version = tu_match__kernel_version(word);
	return config->version.major != 0;
}

/* "CONFIG_BT=m", "# CONFIG_BT is not set". */
static bool add_option(struct kernel_config *config, struct tu_str line)
{
	size_t equals = tu_str_find(line, '=');
	struct tu_str value = tu_str_from(line, equals + 1);
	bool comment = tu_str_skip(&line, TU_STR("# "));
	struct tu_str name = line;
	uint32_t ignored;

	if (!tu_str_skip(&name, TU_STR("CONFIG_")))
		return true;
	if (comment)
		return !tu_str_ends(name, TU_STR(" is not set")) ||
			tu_intern_add(config->unset, tu_str_first(name, name.len - 11), &ignored);
	name = tu_str_first(name, tu_str_find(name, '='));
	if (value.len == 0 || tu_str_eq(value, TU_STR("n")))
		return tu_intern_add(config->unset, name, &ignored);
	return tu_intern_add(config->options, name, &ignored);
}

enum tu_status tu_match__kernel_config_read(
	struct kernel_config *config, struct tu_str text, struct tu_error *err)
{
	bool whole = false;
	struct tu_str line;
	size_t number = 0;
	size_t first = 0;

	config->options = tu_intern_new(OPTIONS_BYTES_MAX);
	config->unset = tu_intern_new(OPTIONS_BYTES_MAX);
	if (!config->options || !config->unset)
		return tu_no_memory(err);
	while (text.len && tu_str_split(&text, '\n', &line)) {
		line = tu_str_trim(line);
		number++;
		if (first == 0 && tu_str_starts(line, TU_STR("CONFIG_")))
			first = number;
		whole |= shows_a_build(line);
		whole |= read_header(config, line);
		if (!add_option(config, line))
			return tu_no_memory(err);
	}
	if (whole)
		return TU_OK;
	return tu_fail_at(err, TU_E_SYNTAX, &(struct tu_error_place){.line = first ? first : 1},
		"not the configuration of a build: no line \"# Linux/… Kernel Configuration\", "
		"CONFIG_CC_VERSION_TEXT or CONFIG_CC_IS_… (a defconfig leaves out what is at its "
		"default); give the .config of the build folder");
}

void tu_match__kernel_config_done(struct kernel_config *config)
{
	tu_intern_free(config->options);
	tu_intern_free(config->unset);
	*config = (struct kernel_config){0};
}

bool tu_match__kernel_is_set(const struct kernel_config *config, struct tu_str option)
{
	return tu_intern_find(config->options, option) != TU_INTERN_NONE;
}

static bool is_whole(const struct kernel_config *config)
{
	return tu_intern_count(config->options) + tu_intern_count(config->unset) >= WHOLE_MENTIONS;
}

bool tu_match__kernel_are_unset(const struct kernel_config *config, struct tu_str options)
{
	struct tu_str option;

	while (options.len && tu_str_split(&options, '|', &option)) {
		if (tu_match__kernel_is_set(config, option))
			return false;
		if (!is_whole(config) && tu_intern_find(config->unset, option) == TU_INTERN_NONE)
			return false;
	}
	return true;
}

/* ---- architectures ---- */

static const struct kernel_architecture architectures[] = {
	{TU_STR_INIT("alpha"), TU_STR_INIT("ALPHA")},
	{TU_STR_INIT("arc"), TU_STR_INIT("ARC")},
	{TU_STR_INIT("arm"), TU_STR_INIT("ARM")},
	{TU_STR_INIT("arm64"), TU_STR_INIT("ARM64")},
	{TU_STR_INIT("csky"), TU_STR_INIT("CSKY")},
	{TU_STR_INIT("hexagon"), TU_STR_INIT("HEXAGON")},
	{TU_STR_INIT("ia64"), TU_STR_INIT("IA64")},
	{TU_STR_INIT("loongarch"), TU_STR_INIT("LOONGARCH")},
	{TU_STR_INIT("m68k"), TU_STR_INIT("M68K")},
	{TU_STR_INIT("microblaze"), TU_STR_INIT("MICROBLAZE")},
	{TU_STR_INIT("mips"), TU_STR_INIT("MIPS")},
	{TU_STR_INIT("nios2"), TU_STR_INIT("NIOS2")},
	{TU_STR_INIT("openrisc"), TU_STR_INIT("OPENRISC")},
	{TU_STR_INIT("parisc"), TU_STR_INIT("PARISC")},
	{TU_STR_INIT("powerpc"), TU_STR_INIT("PPC")},
	{TU_STR_INIT("riscv"), TU_STR_INIT("RISCV")},
	{TU_STR_INIT("s390"), TU_STR_INIT("S390")},
	{TU_STR_INIT("sh"), TU_STR_INIT("SUPERH")},
	{TU_STR_INIT("sparc"), TU_STR_INIT("SPARC")},
	{TU_STR_INIT("um"), TU_STR_INIT("UML")},
	{TU_STR_INIT("x86"), TU_STR_INIT("X86")},
	{TU_STR_INIT("xtensa"), TU_STR_INIT("XTENSA")},
};

const struct kernel_architecture *tu_match__kernel_architecture(size_t n)
{
	return n < TU_COUNT(architectures) ? &architectures[n] : NULL;
}

bool tu_match__kernel_is_architecture(struct tu_str option)
{
	for (size_t i = 0; i < TU_COUNT(architectures); i++) {
		if (tu_str_eq(architectures[i].option, option))
			return true;
	}
	return false;
}

bool tu_match__kernel_states_architecture(const struct kernel_config *config)
{
	for (size_t i = 0; i < TU_COUNT(architectures); i++) {
		if (tu_match__kernel_is_set(config, architectures[i].option))
			return true;
	}
	return false;
}

bool tu_match__kernel_suits(const struct kernel_config *config, struct tu_str architecture)
{
	static const struct {
		struct tu_str name; /* as packages name it, or how the name begins */
		struct tu_str option;
	} names[] = {
		{TU_STR_INIT("amd64"), TU_STR_INIT("X86_64")},
		{TU_STR_INIT("x86_64"), TU_STR_INIT("X86_64")},
		{TU_STR_INIT("i386"), TU_STR_INIT("X86")},
		{TU_STR_INIT("i486"), TU_STR_INIT("X86")},
		{TU_STR_INIT("i586"), TU_STR_INIT("X86")},
		{TU_STR_INIT("i686"), TU_STR_INIT("X86")},
		{TU_STR_INIT("x86"), TU_STR_INIT("X86")},
		{TU_STR_INIT("aarch64"), TU_STR_INIT("ARM64")},
		{TU_STR_INIT("arm64"), TU_STR_INIT("ARM64")},
		{TU_STR_INIT("arm"), TU_STR_INIT("ARM")},
		{TU_STR_INIT("riscv"), TU_STR_INIT("RISCV")},
		{TU_STR_INIT("ppc"), TU_STR_INIT("PPC")},
		{TU_STR_INIT("powerpc"), TU_STR_INIT("PPC")},
		{TU_STR_INIT("mips"), TU_STR_INIT("MIPS")},
		{TU_STR_INIT("s390"), TU_STR_INIT("S390")},
		{TU_STR_INIT("loong"), TU_STR_INIT("LOONGARCH")},
	};
	bool stated = tu_match__kernel_states_architecture(config);

	for (size_t i = 0; stated && i < TU_COUNT(names); i++) {
		if (tu_str_starts(architecture, names[i].name))
			return tu_match__kernel_is_set(config, names[i].option);
	}
	return true;
}

/* ---- versions ---- */

struct kernel_version tu_match__kernel_version(struct tu_str text)
{
	struct kernel_version version = {0, 0};
	struct tu_str major, minor;
	uint64_t number;

	if (text.len && tu_char_lower(text.ptr[0]) == 'v')
		text = tu_str_from(text, 1);
	major = tu_str_digits(&text);
	if (!tu_str_skip(&text, TU_STR(".")))
		return version;
	minor = tu_str_digits(&text);
	if (!tu_str_to_u64(minor, NUMBER_MAX, &number))
		return version;
	version.minor = (uint32_t)number;
	if (tu_str_to_u64(major, NUMBER_MAX, &number))
		version.major = (uint32_t)number;
	return version;
}

int tu_match__kernel_version_cmp(struct kernel_version a, struct kernel_version b)
{
	if (a.major != b.major)
		return a.major < b.major ? -1 : 1;
	return a.minor < b.minor ? -1 : a.minor > b.minor;
}
