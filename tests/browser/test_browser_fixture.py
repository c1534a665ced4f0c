"""Chromium is there and draws."""


def test_chromium_runs_a_page(browser):
    page = browser.new_page()
    page.set_content("<title>x</title><p id=a>before</p><script>a.textContent = 'after'</script>")
    assert page.inner_text("#a") == "after"
    page.close()
