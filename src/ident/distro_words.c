#include "ident/distro_words.h"

#include "ident/distro.h"

#define S(text) TU_STR_INIT(text)

/* In the order of first letters. */
static const struct distro_spelling spellings[] = {
	{S("alpine"), S("alpine"), S("alpine"), false},
	{S("alpine-linux"), S("alpine"), S("alpine"), false},
	{S("alpinelinux"), S("alpine"), S("alpine"), false},
	{S("alpaquita"), S("alpaquita"), S("alpaquita"), false},
	{S("alpaquita-linux"), S("alpaquita"), S("alpaquita"), false},
	{S("arch"), S("arch"), S("arch"), true},
	{S("almalinux"), S("almalinux"), S("almalinux"), false},
	{S("alma"), S("almalinux"), S("almalinux"), false},
	{S("alma-linux"), S("almalinux"), S("almalinux"), false},
	{S("amzn"), S("amzn"), S("amazon"), false},
	{S("al"), S("amzn"), S("amazon"), false},
	{S("amazon-linux-ami"), S("amzn"), S("amazon"), false},
	{S("amazon"), S("amzn"), S("amazon"), false},
	{S("amazonlinux"), S("amzn"), S("amazon"), false},
	{S("amazon-linux"), S("amzn"), S("amazon"), false},
	/* One maker: CBL-Mariner 1 and 2 became Azure Linux 3, and all are in its records. */
	{S("azurelinux"), S("azurelinux"), S("azurelinux"), false},
	{S("azl"), S("azurelinux"), S("azurelinux"), false},
	{S("azure-linux"), S("azurelinux"), S("azurelinux"), false},
	{S("bellsoft-hardened-containers"), S("alpaquita"), S("alpaquita"), false},
	{S("chainguard"), S("chainguard"), S("chainguard"), true},
	{S("centos"), S("rhel"), S("redhat"), false},
	{S("centos-linux"), S("rhel"), S("redhat"), false},
	{S("centos-stream"), S("rhel"), S("redhat"), false},
	{S("centosstream"), S("rhel"), S("redhat"), false},
	{S("centos-linux-stream"), S("rhel"), S("redhat"), false},
	{S("cbl-mariner"), S("azurelinux"), S("azurelinux"), false},
	{S("common-base-linux-mariner"), S("azurelinux"), S("azurelinux"), false},
	{S("debian"), S("debian"), S("debian"), false},
	{S("debian-gnu-linux"), S("debian"), S("debian"), false},
	{S("deb"), S("debian"), S("debian"), false},
	{S("echo"), S("echo"), S("echo"), false},
	{S("enterprise-linux"), S("rhel"), S("redhat"), false},
	{S("f"), S("fedora"), S("fedora"), false},
	{S("fedora"), S("fedora"), S("fedora"), false},
	{S("fedora-linux"), S("fedora"), S("fedora"), false},
	{S("leap"), S("opensuse-leap"), S("opensuse"), false},
	{S("leap-micro"), S("opensuse-leap-micro"), S("opensuse"), false},
	{S("minimos"), S("minimos"), S("minimos"), true},
	{S("mariner"), S("azurelinux"), S("azurelinux"), false},
	{S("microsoft-azure-linux"), S("azurelinux"), S("azurelinux"), false},
	{S("mageia"), S("mageia"), S("mageia"), false},
	{S("ol"), S("ol"), S("oracle"), false},
	{S("oel"), S("ol"), S("oracle"), false},
	{S("oracle"), S("ol"), S("oracle"), false},
	{S("oraclelinux"), S("ol"), S("oracle"), false},
	{S("oracle-linux"), S("ol"), S("oracle"), false},
	{S("oracle-linux-server"), S("ol"), S("oracle"), false},
	{S("opensuse-leap"), S("opensuse-leap"), S("opensuse"), false},
	{S("opensuse"), S("opensuse-leap"), S("opensuse"), false},
	{S("opensuse-leap-micro"), S("opensuse-leap-micro"), S("opensuse"), false},
	{S("opensuse-tumbleweed"), S("opensuse-tumbleweed"), S("opensuse"), true},
	{S("openeuler"), S("openeuler"), S("openeuler"), false},
	{S("photon"), S("photon"), S("photon"), false},
	{S("photon-os"), S("photon"), S("photon"), false},
	{S("raspbian"), S("raspbian"), S("raspbian"), false},
	{S("raspbian-gnu-linux"), S("raspbian"), S("raspbian"), false},
	{S("raspberry-pi-os"), S("raspbian"), S("raspbian"), false},
	{S("rhel"), S("rhel"), S("redhat"), false},
	{S("redhat"), S("rhel"), S("redhat"), false},
	{S("red-hat"), S("rhel"), S("redhat"), false},
	{S("red-hat-enterprise-linux"), S("rhel"), S("redhat"), false},
	{S("red-hat-enterprise-linux-server"), S("rhel"), S("redhat"), false},
	{S("red-hat-enterprise-linux-workstation"), S("rhel"), S("redhat"), false},
	{S("redhat-enterprise-linux"), S("rhel"), S("redhat"), false},
	{S("redhatenterprise"), S("rhel"), S("redhat"), false},
	{S("redhatenterpriseserver"), S("rhel"), S("redhat"), false},
	{S("redhatenterpriselinux"), S("rhel"), S("redhat"), false},
	{S("redhat-linux"), S("rhel"), S("redhat"), false},
	{S("redhatlinux"), S("rhel"), S("redhat"), false},
	{S("rhel-server"), S("rhel"), S("redhat"), false},
	{S("rhel-client"), S("rhel"), S("redhat"), false},
	{S("rhel-workstation"), S("rhel"), S("redhat"), false},
	{S("rocky"), S("rocky"), S("rocky"), false},
	{S("rocky-linux"), S("rocky"), S("rocky"), false},
	{S("rockylinux"), S("rocky"), S("rocky"), false},
	{S("secureos"), S("secureos"), S("secureos"), true},
	{S("sles"), S("sles"), S("suse"), false},
	{S("sled"), S("sles"), S("suse"), false},
	{S("sle"), S("sles"), S("suse"), false},
	{S("suse"), S("sles"), S("suse"), false},
	{S("sles-sap"), S("sles"), S("suse"), false},
	{S("suse-sles"), S("sles"), S("suse"), false},
	{S("suse-linux-enterprise-server"), S("sles"), S("suse"), false},
	{S("suse-linux-enterprise-desktop"), S("sles"), S("suse"), false},
	{S("suse-linux-enterprise-server-for-sap"), S("sles"), S("suse"), false},
	{S("suse-linux-enterprise"), S("sles"), S("suse"), false},
	{S("slem"), S("slem"), S("suse"), false},
	{S("sle-micro"), S("slem"), S("suse"), false},
	{S("sl-micro"), S("slem"), S("suse"), false},
	{S("suse-linux-enterprise-micro"), S("slem"), S("suse"), false},
	{S("suse-linux-micro"), S("slem"), S("suse"), false},
	{S("tumbleweed"), S("opensuse-tumbleweed"), S("opensuse"), true},
	{S("ubuntu"), S("ubuntu"), S("ubuntu"), false},
	{S("ubuntu-linux"), S("ubuntu"), S("ubuntu"), false},
	{S("ubi"), S("rhel"), S("redhat"), false},
	{S("ubi-minimal"), S("rhel"), S("redhat"), false},
	{S("ubi-micro"), S("rhel"), S("redhat"), false},
	{S("ubi-init"), S("rhel"), S("redhat"), false},
	{S("vmware-photon-os"), S("photon"), S("photon"), false},
	{S("wolfi"), S("wolfi"), S("wolfi"), true},
};

/* Releases that are named by a word. */
static const struct {
	struct tu_str word;
	struct tu_str release;
} codenames[] = {
	{S("sarge"), S("debian-3.1")},
	{S("etch"), S("debian-4")},
	{S("lenny"), S("debian-5")},
	{S("squeeze"), S("debian-6")},
	{S("wheezy"), S("debian-7")},
	{S("jessie"), S("debian-8")},
	{S("stretch"), S("debian-9")},
	{S("buster"), S("debian-10")},
	{S("bullseye"), S("debian-11")},
	{S("bookworm"), S("debian-12")},
	{S("trixie"), S("debian-13")},
	{S("forky"), S("debian-14")},
	{S("duke"), S("debian-15")},
	{S("sid"), S("debian-sid")},
	{S("unstable"), S("debian-sid")},
	{S("hardy"), S("ubuntu-8.04")},
	{S("lucid"), S("ubuntu-10.04")},
	{S("maverick"), S("ubuntu-10.10")},
	{S("natty"), S("ubuntu-11.04")},
	{S("oneiric"), S("ubuntu-11.10")},
	{S("precise"), S("ubuntu-12.04")},
	{S("quantal"), S("ubuntu-12.10")},
	{S("raring"), S("ubuntu-13.04")},
	{S("saucy"), S("ubuntu-13.10")},
	{S("trusty"), S("ubuntu-14.04")},
	{S("utopic"), S("ubuntu-14.10")},
	{S("vivid"), S("ubuntu-15.04")},
	{S("wily"), S("ubuntu-15.10")},
	{S("xenial"), S("ubuntu-16.04")},
	{S("yakkety"), S("ubuntu-16.10")},
	{S("zesty"), S("ubuntu-17.04")},
	{S("artful"), S("ubuntu-17.10")},
	{S("bionic"), S("ubuntu-18.04")},
	{S("cosmic"), S("ubuntu-18.10")},
	{S("disco"), S("ubuntu-19.04")},
	{S("eoan"), S("ubuntu-19.10")},
	{S("focal"), S("ubuntu-20.04")},
	{S("groovy"), S("ubuntu-20.10")},
	{S("hirsute"), S("ubuntu-21.04")},
	{S("impish"), S("ubuntu-21.10")},
	{S("jammy"), S("ubuntu-22.04")},
	{S("kinetic"), S("ubuntu-22.10")},
	{S("lunar"), S("ubuntu-23.04")},
	{S("mantic"), S("ubuntu-23.10")},
	{S("noble"), S("ubuntu-24.04")},
	{S("oracular"), S("ubuntu-24.10")},
	{S("plucky"), S("ubuntu-25.04")},
	{S("questing"), S("ubuntu-25.10")},
	{S("resolute"), S("ubuntu-26.04")},
};

/* Of a codename's archive. Debian's suites and Ubuntu's pockets with fixes of the release itself,
 * and what images and mirrors add; "backports" have versions of their own. */
static const struct {
	struct tu_str word;
	enum distro_suite suite;
} suites[] = {
	{S("security"), DISTRO_SUITE_RELEASE},
	{S("updates"), DISTRO_SUITE_RELEASE},
	{S("proposed"), DISTRO_SUITE_RELEASE},
	{S("release"), DISTRO_SUITE_RELEASE},
	{S("lts"), DISTRO_SUITE_RELEASE},
	{S("elts"), DISTRO_SUITE_RELEASE},
	{S("esm"), DISTRO_SUITE_RELEASE},
	{S("infra"), DISTRO_SUITE_RELEASE},
	{S("apps"), DISTRO_SUITE_RELEASE},
	{S("main"), DISTRO_SUITE_RELEASE},
	{S("universe"), DISTRO_SUITE_RELEASE},
	{S("slim"), DISTRO_SUITE_RELEASE},
	{S("backports"), DISTRO_SUITE_BACKPORTS},
	{S("sloppy"), DISTRO_SUITE_BACKPORTS},
};

/* Products of CPE names that are systems whose releases SBOMs spell otherwise: what the product
 * begins with, and the word. */
static const struct {
	struct tu_str vendor; /* empty: any */
	struct tu_str product;
	struct tu_str word;
} systems[] = {
	{S(""), S("enterprise_linux"), S("rhel")},
	{S(""), S("rhel_"), S("rhel")},
	{S(""), S("leap-micro"), S("opensuse-leap-micro")},
	{S(""), S("leap_micro"), S("opensuse-leap-micro")},
	{S(""), S("leap"), S("opensuse-leap")},
	{S(""), S("sles"), S("sles")},
	{S(""), S("sled"), S("sles")},
	{S(""), S("sle-micro"), S("slem")},
	{S(""), S("sle_micro"), S("slem")},
	{S(""), S("sl-micro"), S("slem")},
	{S(""), S("sl_micro"), S("slem")},
	{S(""), S("suse-microos"), S("slem")},
	{S(""), S("suse_linux_enterprise_micro"), S("slem")},
	{S(""), S("suse_linux_micro"), S("slem")},
	{S(""), S("sle-module"), S("sles")},
	{S(""), S("sle_"), S("sles")},
	{S(""), S("suse_linux_enterprise"), S("sles")},
	{S(""), S("ubuntu_linux"), S("ubuntu")},
	{S(""), S("debian_linux"), S("debian")},
	{S(""), S("cbl-mariner"), S("azurelinux")},
	{S(""), S("cbl_mariner"), S("azurelinux")},
	{S(""), S("mariner"), S("azurelinux")},
	{S(""), S("azure_linux"), S("azurelinux")},
	{S(""), S("amazon_linux"), S("amzn")},
	{S(""), S("photon_os"), S("photon")},
	{S("oracle"), S("linux"), S("ol")},
	{S("almalinux"), S("almalinux"), S("almalinux")},
	{S(""), S("rocky"), S("rocky")},
	{S(""), S("alpine_linux"), S("alpine")},
	{S("fedoraproject"), S("fedora"), S("fedora")},
	{S(""), S("openeuler"), S("openeuler")},
	{S("centos"), S("centos"), S("rhel")},
	{S("centos"), S("stream"), S("rhel")},
};

/* The first row whose name has this first letter or a later one. */
static size_t first_row(char letter)
{
	size_t lo = 0, hi = TU_COUNT(spellings);

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;

		if (spellings[middle].name.ptr[0] < letter)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

const struct distro_spelling *tu_distro_find_spelling(struct tu_str name)
{
	char first = name.len ? tu_char_lower(name.ptr[0]) : '\0';
	size_t i = first_row(first);

	for (; i < TU_COUNT(spellings) && spellings[i].name.ptr[0] == first; i++) {
		if (spellings[i].name.len == name.len && tu_str_ieq(spellings[i].name, name))
			return &spellings[i];
	}
	return NULL;
}

struct tu_str tu_distro_of_codename(struct tu_str word)
{
	for (size_t i = 0; i < TU_COUNT(codenames); i++) {
		if (tu_str_ieq(codenames[i].word, word))
			return codenames[i].release;
	}
	return (struct tu_str){"", 0};
}

enum distro_suite tu_distro_find_suite(struct tu_str word)
{
	for (size_t i = 0; i < TU_COUNT(suites); i++) {
		if (tu_str_ieq(suites[i].word, word))
			return suites[i].suite;
	}
	return DISTRO_SUITE_NONE;
}

struct tu_str tu_distro_of_system(const struct tu_cpe *cpe)
{
	for (size_t i = 0; i < TU_COUNT(systems); i++) {
		if (tu_str_starts(cpe->attr[TU_CPE_PRODUCT], systems[i].product) &&
			(systems[i].vendor.len == 0 ||
				tu_str_eq(systems[i].vendor, cpe->attr[TU_CPE_VENDOR])))
			return systems[i].word;
	}
	return (struct tu_str){"", 0};
}
