"""Drives sushy, OpenStack's client of BMCs; the argument is the URL of a BMC that requires If-Match.

sushy repeats a refused PATCH: with a weak tag made strong, and then without any tag.
"""

import logging
import sys

import sushy

logging.disable(logging.CRITICAL)


def system(url):
    auth = sushy.auth.SessionAuth("admin", "password")
    return sushy.Sushy(url, auth=auth).get_system("/redfish/v1/Systems/1")


def refused(status, change):
    try:
        change()
    except sushy.exceptions.HTTPError as error:
        assert error.status_code == status, error
        return
    raise AssertionError(f"expected {status}")


url = sys.argv[1]

# A change with the tag of what was read.
one = system(url)
one.set_indicator_led(sushy.INDICATOR_LED_LIT)
one.refresh(force=True)
assert one.indicator_led == sushy.INDICATOR_LED_LIT
one.set_system_boot_options(
    target=sushy.BOOT_SOURCE_TARGET_PXE, enabled=sushy.BOOT_SOURCE_ENABLED_ONCE
)
one.refresh(force=True)
assert one.boot.target == sushy.BOOT_SOURCE_TARGET_PXE

# sushy reads the tag just before it writes. Another writer comes between the two: the attempts with the
# tag are answered 412, and the last one, without a tag, 428.
mine, theirs = system(url), system(url)
get_etag = mine._get_etag


def overtaken():
    etag = get_etag()
    theirs.set_indicator_led(sushy.INDICATOR_LED_BLINKING)
    return etag


mine._get_etag = overtaken
print("overtaken")
refused(428, lambda: mine.set_indicator_led(sushy.INDICATOR_LED_OFF))
now = system(url)
assert now.indicator_led == sushy.INDICATOR_LED_BLINKING, now.indicator_led
print("all steps done")
