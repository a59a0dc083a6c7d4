import App

await Magpie.main()
