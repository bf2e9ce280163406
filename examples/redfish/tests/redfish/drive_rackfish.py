"""Drives rackfish as its users do; the arguments are the URLs of four simulated BMCs."""

import sys

from rackfish import RedfishClient, RedfishError


def connect(url):
    client = RedfishClient(url, "admin", "password")
    client.connect()
    return client


def system(url):
    return next(iter(connect(url).Systems))


def refused(status, change):
    try:
        change()
    except RedfishError as error:
        assert f"-> {status} " in str(error), error
        return str(error)
    raise AssertionError(f"expected {status}")


def tagged(url):
    # An attribute.
    one = system(url)
    assert one.AssetTag == "MyServer"
    one.AssetTag = "MyNewServer"
    assert system(url).AssetTag == "MyNewServer"

    # patch(), which reads the resource again, so that the next one passes.
    one = system(url)
    one.patch({"AssetTag": "UpdatedTag", "IndicatorLED": "Lit"})
    one.patch({"Boot": {"BootSourceOverrideTarget": "Pxe"}})
    assert system(url).IndicatorLED == "Lit"

    # Another writer.
    mine, theirs = system(url), system(url)
    assert mine.AssetTag == theirs.AssetTag == "UpdatedTag"
    theirs.AssetTag = "theirs"
    text = refused(412, lambda: mine.patch({"AssetTag": "mine"}))
    assert "@Message.ExtendedInfo" in text, text
    assert system(url).AssetTag == "theirs"
    mine.refresh()
    mine.AssetTag = "mine"
    assert system(url).AssetTag == "mine"

    # An account, from its creation to its end.
    accounts = connect(url).AccountService.Accounts
    account = accounts.create({"UserName": "jane", "Password": "x", "RoleId": "Operator"})
    account.patch({"RoleId": "ReadOnly"})
    assert account.RoleId == "ReadOnly"
    account.delete()

    client = connect(url)
    client.logout()


def untagged(url):
    one = system(url)
    one.AssetTag = "one"
    one.patch({"AssetTag": "two"})
    assert system(url).AssetTag == "two"


required, strong, without, without_but_required = sys.argv[1:]
tagged(required)
tagged(strong)
untagged(without)
refused(428, lambda: system(without_but_required).patch({"AssetTag": "x"}))
print("all steps done")
