"""Fitting the model to what happened between two censuses, and testing it on counties it never saw.

The order of the modules is the order of the work:

1. ``outcomes``: what the censuses of 2010 and 2020 say happened in each county, and which provinces are held out;
2. ``decade``: many counties simulated from census to census;
3. ``summaries``: what is compared, in the model and in the censuses;
4. ``design``, ``emulator``, ``posterior``: a space-filling design of runs, an emulator of each summary, and the
   parameters that fit (national stage);
5. ``equation``: how a county's constants follow from its own columns of 2010 and its neighbours';
6. ``regional``: the constants of counties given their own two censuses (county stage);
7. ``hindcast``: predictions for every county beside simple rules;
8. ``draws``: the stored result, as scenarios use it.
"""
